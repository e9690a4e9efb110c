namespace ScrapeGuard;

/// <summary>What a person is asked for, and granted, past a limit whose verdict is <see cref="Verdict.StepUp"/>.</summary>
public sealed class StepUpOptions
{
    /// <summary>The portal's confirmation page, a local path. Default: null; then StepUp blocks.</summary>
    public string? Path { get; set; }

    /// <summary>How many more records a completed step-up admits past the limits of the account and the session. Default: 20.</summary>
    public int Allowance { get; set; } = 20;

    /// <summary>How long the allowance may be used. Default: 1 hour.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often in 24 hours a step-up may be completed; after that, Block. Default: 3.</summary>
    public int MaxPerDay { get; set; } = 3;
}
