namespace ScrapeGuard;

/// <summary>What is remembered of the records displayed to each subject.</summary>
public sealed class ExposureOptions
{
    /// <summary>
    /// Records remembered per subject, and up to one in 32 more; 100 to 10,000. Default: 2,000. Beyond them the least recently displayed are forgotten.
    /// </summary>
    public int MaxRecords { get; set; } = 2000;
}
