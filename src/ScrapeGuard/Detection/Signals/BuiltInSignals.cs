namespace ScrapeGuard.Detection.Signals;

/// <summary>The signals there are. Each is one file beside this one and one line here.</summary>
internal static class BuiltInSignals
{
    public static ISignal[] All { get; } =
    [
        new PaceSignal(),
        new AddressPaceSignal(),
        new RotationSignal(),
        new SweepSignal(),
    ];
}
