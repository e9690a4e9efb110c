namespace ScrapeGuard;

/// <summary>The memory that counting may use.</summary>
public sealed class MemoryOptions
{
    /// <summary>Bytes for tracked subjects, at least 1 MiB. Default: 64 MiB. Beyond it, the subjects with the least evidence are forgotten first.</summary>
    public long Budget { get; set; } = 64 * 1024 * 1024;
}
