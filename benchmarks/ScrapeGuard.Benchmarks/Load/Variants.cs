using ScrapeGuard.Benchmarks.Portals;
using ScrapeGuard.Benchmarks.Redis;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>The rows of the table, the measure first.</summary>
internal static class Variants
{
    public static Variant[] All(IStartedRedis redis) =>
    [
        new("bare", null),
        new("bare again: the noise", null),
        Allowed(SharingMode.InProcess),
        .. SharingMode.Shared.Select(mode => Allowed(mode).Through(mode, redis)),
        Flood(SharingMode.InProcess),
        .. SharingMode.Shared.Select(mode => Flood(mode).Through(mode, redis)),
    ];

    private static Variant Allowed(SharingMode mode) => new($"allowed, {mode.Name}", GuardSettings.Raised());

    private static Variant Flood(SharingMode mode) => new($"blocked flood, {mode.Name}", Blocking(), IsFlood: true);

    /// <summary>The name of the variant is the prefix of its keys.</summary>
    private static Variant Through(this Variant variant, SharingMode mode, IStartedRedis redis) =>
        variant with { Settings = variant.Settings!.Sharing(mode, redis, variant.Name.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-')) };

    // The client of the flood is logged in; by default it would be asked to confirm first.
    private static GuardSettings Blocking() =>
        GuardSettings.Shipped().LettingSignalsJudge().With("Limits:account-10min:Verdict", "Block").With("Limits:session-10min:Verdict", "Block");
}
