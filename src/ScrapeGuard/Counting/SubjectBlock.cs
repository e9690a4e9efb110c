using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ScrapeGuard.Counting;

/// <summary>
/// One subject in one array of bytes: its head, for an address the address in clear, the fingerprints of the records it was shown, of each the time
/// and the windows that counted it, and its windows. Whoever holds the shard's lock may touch it.
/// </summary>
internal readonly ref struct SubjectBlock(byte[] bytes)
{
    public const int SmallestCapacity = 4;

    /// <summary>The bit of a record that this node displayed itself. No window has it: the last of sixteen counts no records.</summary>
    public const uint IsOwn = 1u << 15;

    /// <summary>How exactly the time of a record is known.</summary>
    public const long TickMilliseconds = 4000;

    private const int DayTicks = (int)(SubjectState.NoveltyMilliseconds / TickMilliseconds);

    // Ages are taken modulo 2^16 ticks of four seconds, three days: what seems older than two is a clock that stepped back by up to a day.
    private const int MostTicks = 2 * DayTicks;

    private readonly byte[] bytes = bytes;

    public ref SubjectHead Head => ref Unsafe.As<byte, SubjectHead>(ref MemoryMarshal.GetArrayDataReference(bytes));

    public SubjectKey Key => new(Head.Type, new UInt128(Head.High, Head.Low));

    public WindowRow Windows => new(
        bytes.AsSpan(RecordsAt(Head.Type) + (Head.Capacity * BytesPerRecord), Head.Windows * WindowSlots.BytesOf(IsWide)), IsWide);

    /// <summary>Whether a slot of a window takes two bytes and not one.</summary>
    public bool IsWide => (Head.Flags & SubjectFlags.IsWide) != 0;

    public Span<ulong> Records => MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan(RecordsAt(Head.Type), Head.Capacity * sizeof(ulong)));

    /// <summary>The address in clear and the length of its prefix; only of an address.</summary>
    public ref AddressInClear Address => ref Unsafe.As<byte, AddressInClear>(ref bytes[Unsafe.SizeOf<SubjectHead>()]);

    /// <summary>The account seen last at an address; only of an address.</summary>
    public ref Visitor Visitor => ref Unsafe.As<byte, Visitor>(ref bytes[Unsafe.SizeOf<SubjectHead>() + Unsafe.SizeOf<AddressInClear>()]);

    private Span<RecordMark> Marks => MemoryMarshal.Cast<byte, RecordMark>(
        bytes.AsSpan(RecordsAt(Head.Type) + (Head.Capacity * sizeof(ulong)), Head.Capacity * Unsafe.SizeOf<RecordMark>()));

    private static int BytesPerRecord => sizeof(ulong) + Unsafe.SizeOf<RecordMark>();

    public static int SizeOf(SubjectType type, int windows, int capacity, bool isWide = false) =>
        RecordsAt(type) + (capacity * BytesPerRecord) + (windows * WindowSlots.BytesOf(isWide));

    /// <summary>Has what a revisit looks at brought nearer: the head, and the first records.</summary>
    public unsafe void Prefetch()
    {
        if (!Sse.IsSupported)
            return;
        ref var first = ref MemoryMarshal.GetArrayDataReference(bytes);
        Sse.Prefetch0(Unsafe.AsPointer(ref first));
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, 64)));
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, 128)));
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, 192)));
    }

    /// <summary>The place of a record that was shown in the last 24 hours; -1 for none.</summary>
    public int Find(ulong record, long now)
    {
        var place = Records[..Head.Shown].IndexOf(record);
        if (place < 0 || IsFresh(Marks[place], now))
            return place;
        RemoveAt(place);
        return -1;
    }

    /// <summary>The windows that counted the record at a place, a bit each.</summary>
    public uint WindowsOf(int place) => Marks[place].Windows & ~IsOwn;

    /// <summary>
    /// Whether this node has displayed the record within a day, and all of these windows have counted it. Reads whatever is there: the lock need not be held.
    /// </summary>
    public bool WasDisplayedHere(ulong record, long now, uint windows)
    {
        int shown = Head.Shown, capacity = Head.Capacity, at = RecordsAt(Head.Type);
        if (shown > capacity || at + (capacity * BytesPerRecord) > bytes.Length)
            return false;
        ref var records = ref Unsafe.As<byte, ulong>(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(bytes), at));
        var place = MemoryMarshal.CreateReadOnlySpan(ref records, shown).IndexOf(record);
        if (place < 0)
            return false;
        var mark = Unsafe.Add(ref Unsafe.As<ulong, RecordMark>(ref Unsafe.Add(ref records, capacity)), place);
        return (~mark.Windows & (windows | IsOwn)) == 0 && IsFresh(mark, now);
    }

    public bool WasDisplayedHere(int place) => (Marks[place].Windows & IsOwn) != 0;

    /// <summary>When the record at a place was last shown, to four seconds, in milliseconds.</summary>
    public long TimeOf(int place, long now) => now - (Age(Marks[place], now) * TickMilliseconds);

    /// <summary>Notes that the record at a place was shown again.</summary>
    public void Renew(int place, long at, uint windows)
    {
        ref var mark = ref Marks[place];
        mark.Windows |= (ushort)windows;
        if (Age(mark, at) > 0)
            mark.At = Tick(at);
    }

    /// <summary>Adds a record; there must be room.</summary>
    public void Add(ulong record, long at, uint windows)
    {
        var place = Head.Shown++;
        Records[place] = record;
        Marks[place] = new RecordMark { At = Tick(at), Windows = (ushort)windows };
    }

    public void RemoveAt(int place)
    {
        var last = --Head.Shown;
        Records[place] = Records[last];
        Marks[place] = Marks[last];
    }

    /// <summary>Drops what was last shown more than a day ago.</summary>
    public void Expire(long now)
    {
        for (var place = Head.Shown - 1; place >= 0; place--)
        {
            if (!IsFresh(Marks[place], now))
                RemoveAt(place);
        }
    }

    /// <summary>Drops those shown longest ago until at most so many are left.</summary>
    public void Trim(int most, long now)
    {
        while (Head.Shown > most)
        {
            var oldest = 0;
            var marks = Marks;
            for (var place = 1; place < Head.Shown; place++)
            {
                if (Age(marks[place], now) > Age(marks[oldest], now))
                    oldest = place;
            }

            RemoveAt(oldest);
        }
    }

    /// <summary>Copies head, address and records into a block of another size; its windows are left to the caller.</summary>
    public void CopyTo(SubjectBlock other, int windows, int capacity, bool isWide)
    {
        bytes.AsSpan(0, RecordsAt(Head.Type)).CopyTo(other.bytes);
        (other.Head.Windows, other.Head.Capacity) = ((byte)windows, (ushort)capacity);
        if (isWide)
            other.Head.Flags |= SubjectFlags.IsWide;
        Records[..Head.Shown].CopyTo(other.Records);
        Marks[..Head.Shown].CopyTo(other.Marks);
    }

    /// <summary>Moves the bits of windows to the places they have in another layout.</summary>
    public void Relabel(Func<uint, uint> move)
    {
        foreach (ref var mark in Marks[..Head.Shown])
            mark.Windows = (ushort)(move(mark.Windows & ~IsOwn) | (mark.Windows & IsOwn));
    }

    private static int RecordsAt(SubjectType type) => Unsafe.SizeOf<SubjectHead>() + (type == SubjectType.Address ? Unsafe.SizeOf<AddressInClear>() + Unsafe.SizeOf<Visitor>() : 0);

    private static ushort Tick(long time) => (ushort)(time / TickMilliseconds);

    private static int Age(RecordMark mark, long now) => (ushort)(Tick(now) - mark.At) is var age && age > MostTicks ? 0 : age;

    private static bool IsFresh(RecordMark mark, long now) => Age(mark, now) < DayTicks;

    private struct RecordMark
    {
        public ushort At;
        public ushort Windows;
    }
}
