namespace ScrapeGuard;

/// <summary>A built-in judgement that no single window expresses.</summary>
public sealed class SignalOptions
{
    /// <summary>Every threshold of the signal is divided by this, from 0.1 to 10: 2 accuses after half as many records. Default: 1.</summary>
    public double Sensitivity { get; set; } = 1.0;

    /// <summary>The most that the signal may do; <see cref="SignalVerdict.Off"/> switches it off. Default: Block.</summary>
    public SignalVerdict Verdict { get; set; } = SignalVerdict.Block;
}
