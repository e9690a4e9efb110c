using System.Globalization;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>The ids of records as text, made once.</summary>
internal static class RecordIds
{
    private static readonly Lock Making = new();
    private static readonly Dictionary<int, string[]> Made = [];

    public static string[] Of(int records)
    {
        lock (Making)
        {
            if (!Made.TryGetValue(records, out var ids))
                Made[records] = ids = [.. Enumerable.Range(0, records).Select(id => id.ToString(CultureInfo.InvariantCulture))];
            return ids;
        }
    }
}
