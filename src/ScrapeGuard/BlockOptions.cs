namespace ScrapeGuard;

/// <summary>How long blocks last and what a blocked client is answered.</summary>
public sealed class BlockOptions
{
    /// <summary>The length of a first block; doubled for each repeat. Default: 1 hour.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The longest a block may get, and how long an earlier block counts as a repeat. Default: 7 days.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The status code of a blocked request, 400 to 599. Default: 429 (RFC 6585).</summary>
    public int StatusCode { get; set; } = 429;

    /// <summary>How long after an operator lifted a block the subject is not blocked again. Default: 10 minutes.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromMinutes(10);
}
