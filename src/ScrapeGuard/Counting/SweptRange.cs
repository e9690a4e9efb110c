using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>
/// A range of numbers in this half hour and the one before: which of them were linked, a bit each, from how many addresses, and how many tries there were.
/// </summary>
internal record struct SweptRange
{
    private const long HalfHour = 30L * 60 * 1000;

    private uint now;
    private uint before;
    private uint seenNow;
    private uint seenBefore;
    private uint fromNow;
    private uint fromBefore;
    private int triedNow;
    private int triedBefore;
    private int linkedNow;
    private int linkedBefore;
    private int halfHours;

    /// <summary>When it was last found to be swept; 0 for never.</summary>
    public long SweptAt { get; set; }

    public readonly int Numbers => BitOperations.PopCount(now | before);

    public readonly int Distinct => BitOperations.PopCount(seenNow | seenBefore);

    /// <summary>The addresses that linked numbers were tried from, a bit each; several may share one.</summary>
    public readonly uint From => fromNow | fromBefore;

    public readonly int Tried => triedNow + triedBefore;

    public readonly int Linked => linkedNow + linkedBefore;

    public void MoveTo(long time)
    {
        var half = (int)(time / HalfHour);
        if (half == halfHours)
            return;
        (before, seenBefore, fromBefore, triedBefore, linkedBefore) = half == halfHours + 1 ? (now, seenNow, fromNow, triedNow, linkedNow) : default;
        (now, seenNow, fromNow, triedNow, linkedNow) = default((uint, uint, uint, int, int));
        halfHours = half;
    }

    public void Add(int position, ushort who, bool isLinked)
    {
        triedNow++;
        seenNow |= 1u << position;
        if (!isLinked)
            return;
        linkedNow++;
        now |= 1u << position;
        fromNow |= 1u << (who % 32);
    }
}
