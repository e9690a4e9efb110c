namespace ScrapeGuard.Counting;

/// <summary>
/// How much faster than a person somebody opens records: the score of a one-sided CUSUM (Page, Continuous inspection schemes, Biometrika 41, 1954), which is
/// Wald's sequential probability ratio test (1945) begun anew whenever it speaks for a person. Each novel record adds to the score, time takes from it, and it
/// never falls below zero: being slow earns nothing for later.
/// <para>
/// The score is read from the slots of a sliding window, and so is shared, taken back and restored as all windows are. Within a slot events are taken to lie
/// in its middle, so that a score is exact to half of what leaks in a sub-window; what is older than the window has leaked long before.
/// </para>
/// </summary>
/// <param name="Milliseconds">The length of the window: longer than the score of whoever is let through takes to leak away.</param>
/// <param name="Leak">In how many milliseconds one record is forgiven.</param>
/// <param name="LeakPerAccount">In how many milliseconds each account at a shared address forgives it one more.</param>
internal sealed record Pace(long Milliseconds, double Leak, double LeakPerAccount)
{
    /// <summary>What a miss adds: it was novel, and guessing is worth two records more (after Jung, Paxson, Berger and Balakrishnan, 2004).</summary>
    public const int MissWeight = 3;

    /// <summary>
    /// For how long a record is beside another, in milliseconds: reading one number after the other more slowly than this adds nothing that would not leak in
    /// between, and people open files of one family, or of one place, again and again through the day.
    /// </summary>
    public const long Beside = 10 * 60_000;

    public static Pace Fast { get; } = new(2 * 60_000, 4_000, double.PositiveInfinity);

    public static Pace Medium { get; } = new(24 * 60_000, 20_000, 100_000);

    public static Pace Slow { get; } = new(8 * 3_600_000, 120_000, 300_000);

    /// <summary>One number after the other: this forgives a neighbour in five minutes, so that families are nothing to it.</summary>
    public static Pace Run { get; } = new(2 * 3_600_000, 300_000, double.PositiveInfinity);

    /// <summary>The pace of a window; null for one whose events are only added up.</summary>
    public static Pace? Of(in Window window) =>
        !window.IsScore ? null
        : window.Count == WindowCount.Neighbours ? Run
        : window.Milliseconds == Fast.Milliseconds ? Fast
        : window.Milliseconds == Medium.Milliseconds ? Medium
        : Slow;

    /// <summary>What a millisecond takes from the score where so many accounts share the address.</summary>
    public double LeakAt(int accounts) => (1 / Leak) + (accounts / LeakPerAccount);

    /// <summary>The score after events in slots, the oldest first.</summary>
    /// <param name="counts">The events.</param>
    /// <param name="subWindow">The length of a slot, in milliseconds.</param>
    /// <param name="inNewest">How many milliseconds of the newest slot have passed.</param>
    /// <param name="leak">What a millisecond takes from the score.</param>
    public static double Score(ReadOnlySpan<ushort> counts, long subWindow, long inNewest, double leak)
    {
        var score = 0.0;
        var half = leak * subWindow / 2;
        foreach (var count in counts[..^1])
            score = Math.Max(0, Math.Max(0, score - half) + count - half);
        half = leak * inNewest / 2;
        return Math.Max(0, Math.Max(0, score - half) + counts[^1] - half);
    }
}
