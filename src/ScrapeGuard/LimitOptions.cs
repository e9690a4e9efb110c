namespace ScrapeGuard;

/// <summary>A limit: per subject, at most so many views, records or misses in a sliding window.</summary>
public sealed class LimitOptions
{
    /// <summary>Whom the limit counts for. Must be given for a new limit.</summary>
    public SubjectType? Per { get; set; }

    /// <summary>What is counted. Must be given for a new limit.</summary>
    public CountOf? Count { get; set; }

    /// <summary>The length of the sliding window, from 1 second to 30 days (24 hours for <see cref="CountOf.Records"/>). Must be given for a new limit.</summary>
    public TimeSpan? Window { get; set; }

    /// <summary>The most that get through in any such window, from 1 to 60,000; 0 removes the limit. Must be given for a new limit.</summary>
    public int? Max { get; set; }

    /// <summary>What happens past <see cref="Max"/>: <see cref="Verdict.StepUp"/> or <see cref="Verdict.Block"/>. Default: Block.</summary>
    public Verdict Verdict { get; set; } = Verdict.Block;

    /// <summary>The kind of record this limit counts. Default: null, all kinds together.</summary>
    public string? Kind { get; set; }

    /// <summary>For a limit per address: which views it is charged with. Default: <see cref="ChargedViews.Strangers"/>.</summary>
    public ChargedViews Charge { get; set; }
}
