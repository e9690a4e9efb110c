using ScrapeGuard.Benchmarks.Portals;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>A way to run an application.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Settings">Of ScrapeGuard; null without it.</param>
/// <param name="IsFlood">Whether a single client asks, which is blocked soon; else all clients do and none is refused.</param>
internal sealed record Variant(string Name, GuardSettings? Settings, bool IsFlood = false)
{
    /// <summary>How many answers were others than this variant is about.</summary>
    public long Unexpected(WrkResult result) => result.Failed + (IsFlood ? result.Requests - result.Refused : result.Refused);
}
