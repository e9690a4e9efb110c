namespace ScrapeGuard;

/// <summary>The most that a signal may do.</summary>
public enum SignalVerdict
{
    /// <summary>The signal is not computed.</summary>
    Off,

    /// <summary>The signal is computed and shown to operators, and does nothing.</summary>
    Allow,

    /// <summary>The signal may ask for a step-up, and blocks nobody.</summary>
    StepUp,

    /// <summary>The signal asks for a step-up first, where a person may be at work, and blocks past its second threshold.</summary>
    Block,
}
