using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ScrapeGuard.Counting;

/// <summary>
/// A <see cref="SlidingWindow"/> as it lies in memory: 13 slots, then the newest index modulo 2^24 in three bytes. A slot takes one byte, or two in the wide
/// block of somebody who is busier than that. One that is absent holds nothing, whatever the time, and nothing can be added to it.
/// </summary>
internal readonly ref struct WindowSlots(ref byte first, bool isWide)
{
    private const int NarrowBytes = 16;
    private const int WideBytes = 30;

    private readonly ref byte first = ref first;
    private readonly bool isWide = isWide;

    /// <summary>The sum of all slots.</summary>
    public int Total => IsAbsent ? 0 : isWide ? WideTotal : NarrowTotal;

    /// <summary>Whether it has no place in the block.</summary>
    public bool IsAbsent => Unsafe.IsNullRef(ref first);

    private int NarrowTotal
    {
        get
        {
            var all = Vector128.LoadUnsafe(ref first) & Vector128.Create(~0u, ~0u, ~0u, 0xff).AsByte();
            var (low, high) = Vector128.Widen(all);
            return Vector128.Sum(low + high);
        }
    }

    private int WideTotal
    {
        get
        {
            // Eight and eight are sixteen: three of the first eight are among the last eight once more.
            ref var slots = ref Unsafe.As<byte, ushort>(ref first);
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref slots));
            var (others, last) = Vector128.Widen(
                Vector128.LoadUnsafe(ref slots, SlidingWindow.Slots - 8) & Vector128.Create((ushort)0, 0, 0, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff));
            return (int)Vector128.Sum(low + high + others + last);
        }
    }

    private ref byte NewestBytes => ref Unsafe.Add(ref first, (isWide ? WideBytes : NarrowBytes) - sizeof(uint));

    private uint Newest
    {
        get => Unsafe.ReadUnaligned<uint>(ref NewestBytes) >> 8;
        set => Unsafe.WriteUnaligned(ref NewestBytes, (value << 8) | NewestBytes);
    }

    private int this[int slot]
    {
        get => IsAbsent ? 0 : isWide ? Unsafe.Add(ref Unsafe.As<byte, ushort>(ref first), slot) : Unsafe.Add(ref first, slot);
        set
        {
            if (isWide)
                Unsafe.Add(ref Unsafe.As<byte, ushort>(ref first), slot) = (ushort)value;
            else
                Unsafe.Add(ref first, slot) = (byte)value;
        }
    }

    public static int BytesOf(bool isWide) => isWide ? WideBytes : NarrowBytes;

    /// <summary>As <see cref="SlidingWindow.Advance"/>.</summary>
    /// <param name="index">The index to come to.</param>
    /// <param name="isGone">Whether everything has left the window by then: an index modulo something does not tell.</param>
    public void Advance(long index, bool isGone)
    {
        var steps = isGone ? SlidingWindow.Slots : After(index);
        if (IsAbsent || steps == 0 || (steps == -1 && Total > 0))
            return;
        Newest = (uint)index;
        if (steps < 0)
            return;
        steps = Math.Min(steps, SlidingWindow.Slots);
        if (isWide)
            Shift(MemoryMarshal.CreateSpan(ref first, SlidingWindow.Slots * sizeof(ushort)), steps * sizeof(ushort));
        else
            ShiftNarrow(steps);
    }

    public bool IsNewest(long index) => After(index) == 0;

    /// <summary>Adds events to the newest slot; false where they do not fit into a narrow one.</summary>
    public bool AddNewest(int events) => Set(SlidingWindow.SubWindows, this[SlidingWindow.SubWindows] + events);

    /// <summary>Adds events to the slot of their time; events that have left the window already are dropped.</summary>
    public bool Add(long index, int events) => SlotOf(index) is not (>= 0 and var slot) || Set(slot, this[slot] + events);

    /// <summary>
    /// Takes one event out of the slot of its time or, where that is known to so many sub-windows only, of the nearest slot that holds one. An event that
    /// has left the window already is in none.
    /// </summary>
    public void Take(long index, int within)
    {
        var slot = SlidingWindow.SubWindows + After(index);
        for (var distance = 0; slot >= 0 && distance <= within; distance++)
        {
            if (TakeAt(slot - distance) || TakeAt(slot + distance))
                return;
        }
    }

    /// <summary>Raises a slot to a count; a slot that has left the window already is passed over.</summary>
    public bool Raise(long index, ushort count) => SlotOf(index) is not (>= 0 and var slot) || Set(slot, Math.Max(this[slot], count));

    /// <summary>The window itself; <paramref name="near"/> is any index that is not 2^23 sub-windows away.</summary>
    public SlidingWindow ToWindow(long near)
    {
        Span<ushort> counts = stackalloc ushort[SlidingWindow.Slots];
        for (var slot = 0; slot < counts.Length; slot++)
            counts[slot] = (ushort)this[slot];
        return SlidingWindow.From(counts, near - After(near));
    }

    /// <summary>The score of a window of <see cref="WindowCount.Pace"/>, to the nearest whole.</summary>
    /// <param name="subWindow">The length of a slot, in milliseconds.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="leak">What a millisecond takes from the score.</param>
    public int Score(long subWindow, long now, double leak)
    {
        Span<ushort> counts = stackalloc ushort[SlidingWindow.Slots];
        for (var slot = 0; slot < counts.Length; slot++)
            counts[slot] = (ushort)this[slot];

        // One that is ahead, as the clock stepped back a little, has just begun.
        var inNewest = IsNewest(now / subWindow) ? now % subWindow : 0;
        return (int)Math.Round(Pace.Score(counts, subWindow, inNewest, leak));
    }

    /// <summary>Copies everything to slots that are as wide or wider.</summary>
    public void CopyTo(WindowSlots other)
    {
        other.Newest = Newest;
        for (var slot = 0; slot < SlidingWindow.Slots; slot++)
            other[slot] = this[slot];
    }

    private static void Shift(Span<byte> slots, int bytes)
    {
        slots[bytes..].CopyTo(slots);
        slots[^bytes..].Clear();
    }

    /// <summary>As a number of sixteen bytes, of which the three highest stay: every view of somebody who comes now and then moves all windows on.</summary>
    private void ShiftNarrow(int steps)
    {
        if (!BitConverter.IsLittleEndian)
        {
            Shift(MemoryMarshal.CreateSpan(ref first, SlidingWindow.Slots), steps);
            return;
        }

        var before = Unsafe.ReadUnaligned<UInt128>(ref first);
        var slots = (before & (UInt128.MaxValue >> 24)) >> (8 * steps);
        Unsafe.WriteUnaligned(ref first, slots | (before >> 104 << 104));
    }

    /// <summary>By how many sub-windows an index is after the newest.</summary>
    private int After(long index) => IsAbsent ? 0 : (int)(((uint)index - Newest) << 8) >> 8;

    private int SlotOf(long index) => SlidingWindow.SubWindows + Math.Min(0, After(index));

    private bool Set(int slot, int count)
    {
        if (!isWide && count > byte.MaxValue)
            return false;
        this[slot] = Math.Clamp(count, 0, ushort.MaxValue);
        return true;
    }

    private bool TakeAt(int slot)
    {
        if (slot is < 0 or >= SlidingWindow.Slots || this[slot] == 0)
            return false;
        this[slot]--;
        return true;
    }
}
