using System.Globalization;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>The pages of the records, written once: the harness allocates nothing per view for them.</summary>
internal static class RecordPaths
{
    public const int Count = 100_000;

    private static readonly string[] Paths = [.. Enumerable.Range(1, Count).Select(id => string.Create(CultureInfo.InvariantCulture, $"/members/{id}"))];

    public static string Of(long record) => Paths[(int)(record % Count)];
}
