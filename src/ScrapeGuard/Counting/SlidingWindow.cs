using System.Runtime.CompilerServices;

namespace ScrapeGuard.Counting;

/// <summary>
/// Events of a sliding window in 12 sub-windows and the current one. Thirteen slots never count less than the exact log of times would; they may count
/// events up to one sub-window longer.
/// </summary>
internal struct SlidingWindow
{
    public const int SubWindows = 12;
    public const int Slots = SubWindows + 1;

    private SlotCounts counts;

    /// <summary>The index of the newest slot: time divided by the length of a sub-window.</summary>
    public long Newest { get; private set; }

    public readonly int Total
    {
        get
        {
            var total = 0;
            foreach (var count in counts)
                total += count;
            return total;
        }
    }

    /// <summary>
    /// Drops what has left the window. A clock that steps back by more than a sub-window relabels what was counted as recent: nothing counted is lost,
    /// and nothing stays longer than one window. One that holds nothing goes along with any clock.
    /// </summary>
    public void Advance(long index)
    {
        var steps = index - Newest;
        if (steps == 0 || (steps == -1 && Total > 0))
            return;

        Newest = index;
        if (steps < 0)
            return;

        Span<ushort> slots = counts;
        if (steps >= Slots)
        {
            slots.Clear();
            return;
        }

        slots[(int)steps..].CopyTo(slots);
        slots[^(int)steps..].Clear();
    }

    /// <summary>Adds events to the slot of their time; events that have left the window already are dropped.</summary>
    public void Add(long index, int events)
    {
        var slot = SubWindows - Math.Max(0, Newest - index);
        if (slot >= 0)
            counts[(int)slot] = (ushort)Math.Clamp(counts[(int)slot] + events, 0, ushort.MaxValue);
    }

    /// <summary>The index at which so few events are left that one more fits under <paramref name="max"/>.</summary>
    public readonly long ReadmitIndex(int max)
    {
        var left = Total;
        for (var slot = 0; slot < Slots; slot++)
        {
            if (left < max)
                return Newest + slot;
            left -= counts[slot];
        }

        return Newest + Slots;
    }

    public readonly void CopyTo(Span<ushort> slots)
    {
        for (var slot = 0; slot < Slots; slot++)
            slots[slot] = counts[slot];
    }

    public static SlidingWindow From(ReadOnlySpan<ushort> slots, long newest)
    {
        var window = new SlidingWindow { Newest = newest };
        slots.CopyTo(window.counts);
        return window;
    }

    [InlineArray(Slots)]
    private struct SlotCounts
    {
        private ushort first;
    }
}
