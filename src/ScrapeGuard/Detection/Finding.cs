using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>What the counts of one subject say.</summary>
/// <param name="Verdict">What the view deserves.</param>
/// <param name="Limit">The limit exceeded; null for Allow.</param>
/// <param name="Count">What it counted.</param>
/// <param name="Max">The most it lets through, raised where colleagues share the address.</param>
/// <param name="ReadmitsAt">When it lets a view through again, in milliseconds.</param>
internal readonly record struct Finding(Verdict Verdict, Limit? Limit = null, int Count = 0, int Max = 0, long ReadmitsAt = 0)
{
    public static Finding Allow => default;
}
