namespace ScrapeGuard;

/// <summary>The built-in signals. They stand beside the limits: any of them may act, and none makes up for another.</summary>
public sealed class SignalsOptions
{
    /// <summary>An account or a session opens records faster than a person works.</summary>
    public SignalOptions Pace { get; } = new();

    /// <summary>The strangers at an address do so together. An address knows no step-up.</summary>
    public SignalOptions AddressPace { get; } = new();

    /// <summary>Many accounts new to an address take a little each. An address knows no step-up.</summary>
    public SignalOptions Rotation { get; } = new();

    /// <summary>Many accounts together open one number after the other.</summary>
    public SignalOptions Sweep { get; } = new();

    /// <summary>A record that exists for nobody is asked for.</summary>
    public CanaryOptions Canary { get; } = new();
}
