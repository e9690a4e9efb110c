namespace ScrapeGuard.Detection.Signals;

/// <summary>A built-in judgement: which scores and counts it is read from, and where its thresholds lie.</summary>
internal interface ISignal
{
    /// <summary>Its name in the configuration: the cause of what it brings about.</summary>
    string Name { get; }

    /// <summary>The most that it may do.</summary>
    SignalVerdict MostOf(SignalsOptions options);

    /// <summary>What it is read from, with the settings in force; empty where it is switched off.</summary>
    IEnumerable<SignalTest> Tests(SignalsOptions options);
}
