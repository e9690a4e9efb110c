namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>Which client each view is of: at random, drawn once.</summary>
internal static class Draws
{
    /// <summary>After so many views it begins again.</summary>
    public const int Count = 1 << 18;

    public static int[] Of(int clients)
    {
        var random = new Random(1);
        var drawn = new int[Count];
        for (var index = 0; index < drawn.Length; index++)
            drawn[index] = random.Next(clients);
        return drawn;
    }

    /// <summary>Where a view is found in what was drawn.</summary>
    public static int Index(int view) => view & (Count - 1);
}
