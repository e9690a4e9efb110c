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

    /// <summary>What was in a log that is lost; of several who knew it the longest part holds.</summary>
    private readonly int[] raised;

    /// <param name="windows">The windows.</param>
    /// <param name="now">The time to which they have moved on, in milliseconds.</param>
    public FoldedSlots(WindowSet windows, long now)
    {
        this.windows = windows;
        newest = new long[windows.Count];
        for (var index = 0; index < newest.Length; index++)
            newest[index] = windows[index].IndexAt(now);
        slots = new int[windows.Count * SlidingWindow.Slots];
        raised = new int[slots.Length];
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

    /// <summary>Raises what was in the lost log to what somebody knew of it.</summary>
    public void Raise(Window window, in SlidingWindow counts)
    {
        if (windows.IndexOf(window) is not (>= 0 and var index))
            return;
        Span<ushort> given = stackalloc ushort[SlidingWindow.Slots];
        counts.CopyTo(given);
        for (var slot = 0; slot < given.Length; slot++)
        {
            if (PlaceOf(index, counts.Newest - SlidingWindow.SubWindows + slot) is >= 0 and var place)
                raised[place] = Math.Max(raised[place], given[slot]);
        }
    }

    /// <summary>Has them hold only what was added one by one.</summary>
    public void Lower() => Array.Clear(raised);

    /// <summary>A window as it is now.</summary>
    public SlidingWindow this[int index]
    {
        get
        {
            Span<ushort> counts = stackalloc ushort[SlidingWindow.Slots];
            var owed = 0;
            for (var slot = 0; slot < counts.Length; slot++)
            {
                // Snapshots put events later, never earlier: what is missing here is in the next slot.
                owed += slots[(index * SlidingWindow.Slots) + slot] + raised[(index * SlidingWindow.Slots) + slot];
                counts[slot] = (ushort)Math.Clamp(owed, 0, ushort.MaxValue);
                owed = Math.Min(owed, 0);
            }

            return SlidingWindow.From(counts, newest[index]);
        }
    }

    private int PlaceOf(int index, long slot)
    {
        var age = Math.Max(0, newest[index] - slot);
        return age > SlidingWindow.SubWindows ? -1 : (index * SlidingWindow.Slots) + SlidingWindow.SubWindows - (int)age;
    }
}
