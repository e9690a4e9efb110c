namespace ScrapeGuard;

/// <summary>What is remembered of the records displayed to each subject.</summary>
public sealed class ExposureOptions
{
    /// <summary>The most records remembered per subject, 100 to 10,000. Default: 2,000. Beyond it the least recently displayed is forgotten first.</summary>
    public int MaxRecords { get; set; } = 2000;
}
