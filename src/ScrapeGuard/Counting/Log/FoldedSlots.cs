using System.Numerics;

namespace ScrapeGuard.Counting.Log;

/// <summary>
/// The windows of a subject while its log is folded. Slots hold less than nothing for a while: what is taken back may lie in the slot before the one that a
/// snapshot put it in.
/// </summary>
internal sealed class FoldedSlots
{
    private readonly WindowSet windows;
    private readonly long[] newest;
    private readonly int[] slots;

    /// <param name="windows">The windows.</param>
    /// <param name="now">The time to which they have moved on, in milliseconds.</param>
    public FoldedSlots(WindowSet windows, long now)
    {
        this.windows = windows;
        newest = new long[windows.Count];
        for (var index = 0; index < newest.Length; index++)
            newest[index] = windows[index].IndexAt(now);
        slots = new int[windows.Count * SlidingWindow.Slots];
    }

    /// <summary>Adds events to windows, or takes them out again; what has left a window is dropped.</summary>
    public void Add(uint bits, long time, int events)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            if (PlaceOf(index, windows[index].IndexAt(time)) is >= 0 and var place)
                slots[place] += events;
        }
    }

    /// <summary>What was in logs that are lost.</summary>
    public LostSlots Lost { get; } = new();

    /// <summary>A window as it is now.</summary>
    public SlidingWindow this[int index]
    {
        get
        {
            Span<ushort> counts = stackalloc ushort[SlidingWindow.Slots];
            LostAt(index).CopyTo(counts);
            var owed = 0;
            for (var slot = 0; slot < counts.Length; slot++)
            {
                // Snapshots put events later, never earlier: what is missing here is in the next slot.
                owed += slots[(index * SlidingWindow.Slots) + slot] + counts[slot];
                counts[slot] = (ushort)Math.Clamp(owed, 0, ushort.MaxValue);
                owed = Math.Min(owed, 0);
            }

            // What was in a lost log may be taken back at a later time than it was counted at.
            for (var slot = counts.Length - 1; owed < 0 && slot >= 0; slot--)
            {
                var taken = Math.Min(-owed, counts[slot]);
                counts[slot] -= (ushort)taken;
                owed += taken;
            }

            return SlidingWindow.From(counts, newest[index]);
        }
    }

    /// <summary>What a window held in logs that are lost, at the present.</summary>
    private SlidingWindow LostAt(int index)
    {
        var moved = new SlidingWindow();
        moved.Advance(newest[index]);
        if (Lost.Of(windows[index]) is not { } lost)
            return moved;
        Span<ushort> counts = stackalloc ushort[SlidingWindow.Slots];
        lost.CopyTo(counts);
        for (var slot = 0; slot < counts.Length; slot++)
            moved.Add(lost.Newest - SlidingWindow.SubWindows + slot, counts[slot]);
        return moved;
    }

    private int PlaceOf(int index, long slot)
    {
        var age = Math.Max(0, newest[index] - slot);
        return age > SlidingWindow.SubWindows ? -1 : (index * SlidingWindow.Slots) + SlidingWindow.SubWindows - (int)age;
    }
}
