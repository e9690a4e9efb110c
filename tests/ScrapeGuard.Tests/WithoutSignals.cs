namespace ScrapeGuard.Tests;

/// <summary>Settings for tests of limits, which signals would forestall.</summary>
internal static class WithoutSignals
{
    public static ScrapeGuardOptions Options()
    {
        var options = new ScrapeGuardOptions();
        Apply(options);
        return options;
    }

    public static void Apply(ScrapeGuardOptions options)
    {
        foreach (var signal in new[] { options.Signals.Pace, options.Signals.AddressPace, options.Signals.Rotation, options.Signals.Sweep })
            signal.Verdict = SignalVerdict.Off;
    }
}
