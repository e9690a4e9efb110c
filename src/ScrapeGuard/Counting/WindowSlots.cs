using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ScrapeGuard.Counting;

/// <summary>A <see cref="SlidingWindow"/> as it lies in memory: 13 slots and the newest index modulo 2^32, in 30 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2, Size = Bytes)]
internal struct WindowSlots
{
    public const int Bytes = 30;

    private Counts counts;
    private uint newest;

    /// <summary>The sum of all slots.</summary>
    public readonly int Total
    {
        get
        {
            // Eight and eight are sixteen: three of the first eight are among the last eight once more.
            ref var first = ref Unsafe.As<Counts, ushort>(ref Unsafe.AsRef(in counts));
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref first));
            var (others, last) = Vector128.Widen(
                Vector128.LoadUnsafe(ref first, SlidingWindow.Slots - 8) & Vector128.Create((ushort)0, 0, 0, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff));
            return (int)Vector128.Sum(low + high + others + last);
        }
    }

    /// <summary>As <see cref="SlidingWindow.Advance"/>.</summary>
    public void Advance(long index)
    {
        var steps = (int)((uint)index - newest);
        if (steps is 0 or -1)
            return;
        newest = (uint)index;
        if (steps < 0)
            return;
        Span<ushort> slots = counts;
        if (steps >= SlidingWindow.Slots)
        {
            slots.Clear();
            return;
        }

        slots[steps..].CopyTo(slots);
        slots[^steps..].Clear();
    }

    public readonly bool IsNewest(long index) => newest == (uint)index;

    /// <summary>Adds events to the newest slot.</summary>
    public void AddNewest(int events) => counts[SlidingWindow.SubWindows] = (ushort)Math.Clamp(counts[SlidingWindow.SubWindows] + events, 0, ushort.MaxValue);

    /// <summary>Adds events to the slot of their time; events that have left the window already are dropped.</summary>
    public void Add(long index, int events)
    {
        var slot = SlidingWindow.SubWindows - Math.Max(0, (int)(newest - (uint)index));
        if (slot >= 0)
            counts[slot] = (ushort)Math.Clamp(counts[slot] + events, 0, ushort.MaxValue);
    }

    /// <summary>
    /// Takes one event out of the slot of its time or, where that is known to so many sub-windows only, of the nearest slot that holds one. An event that
    /// has left the window already is in none.
    /// </summary>
    public void Take(long index, int within)
    {
        var slot = SlidingWindow.SubWindows - (int)(newest - (uint)index);
        for (var distance = 0; slot >= 0 && distance <= within; distance++)
        {
            if (TakeAt(slot - distance) || TakeAt(slot + distance))
                return;
        }
    }

    /// <summary>Raises a slot to a count; a slot that has left the window already is passed over.</summary>
    public void Raise(long index, ushort count)
    {
        var slot = SlidingWindow.SubWindows - Math.Max(0, (int)(newest - (uint)index));
        if (slot >= 0)
            counts[slot] = Math.Max(counts[slot], count);
    }

    /// <summary>The window itself; <paramref name="near"/> is any index that is not 2^31 sub-windows away.</summary>
    public readonly SlidingWindow ToWindow(long near) => SlidingWindow.From(counts, near - (int)((uint)near - newest));

    private bool TakeAt(int slot)
    {
        if (slot is < 0 or >= SlidingWindow.Slots || counts[slot] == 0)
            return false;
        counts[slot]--;
        return true;
    }

    [InlineArray(SlidingWindow.Slots)]
    private struct Counts
    {
        private ushort first;
    }
}
