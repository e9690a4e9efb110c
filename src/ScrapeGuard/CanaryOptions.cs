namespace ScrapeGuard;

/// <summary>Records that exist for nobody: whoever asks for one got its id from no honest page.</summary>
public sealed class CanaryOptions
{
    /// <summary>The most that one view of a canary does; <see cref="SignalVerdict.Off"/> switches the signal off. Default: Block.</summary>
    public SignalVerdict Verdict { get; set; } = SignalVerdict.Block;

    /// <summary>The ids, by kind of record. Default: none.</summary>
    public IDictionary<string, IList<string>> Records { get; } = new Dictionary<string, IList<string>>(StringComparer.Ordinal);
}
