using System.Net;
using ScrapeGuard.Capture;
using ScrapeGuard.Detection;
using ScrapeGuard.Detection.Signals;

namespace ScrapeGuard;

/// <summary>The options of one moment, made ready for requests. A reload makes a new one; a request keeps the one it began with.</summary>
internal sealed class Settings(ScrapeGuardOptions options)
{
    private readonly IPNetwork[] exemptNetworks =
    [
        .. options.Address.Exempt.Select(text => text.Contains('/') ? IPNetwork.Parse(text) : HostNetwork(IPAddress.Parse(text))),
    ];

    private readonly HashSet<string> exemptAccounts = new(options.Account.Exempt, StringComparer.Ordinal);

    public ScrapeGuardOptions Options { get; } = options;

    public LimitSet Limits { get; } = new(options);

    /// <summary>The records that exist for nobody; null where there are none.</summary>
    public CanarySignal? Canary { get; } = CanarySignal.Of(options.Signals.Canary);

    public ConfiguredPages Pages { get; } = new(options.Pages.Values);

    /// <summary>Where sessions are found.</summary>
    public SessionSource Session { get; } = SessionSource.Parse(options.Session.From);

    public bool Enforces => Options.Mode == ScrapeGuardMode.Enforce;

    public bool IsExempt(string account) => exemptAccounts.Contains(account);

    public bool IsExempt(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in exemptNetworks)
        {
            if (network.Contains(plain))
                return true;
        }

        return false;
    }

    private static IPNetwork HostNetwork(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}
