using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>
/// The records that a subject was shown. Few of them, as most subjects have, lie one after the other and are looked through; many lie where their
/// fingerprint says, or in the next free place (linear probing; Knuth, The Art of Computer Programming, vol. 3, 6.4), so that a client of a thousand records
/// is as fast as one of ten.
/// </summary>
internal readonly ref partial struct SubjectBlock
{
    /// <summary>Up to so many there is room for without free places in between.</summary>
    private const int MostInRow = 33;

    /// <summary>One record in so many is remembered beyond those that are to be.</summary>
    private const int OneInMore = 32;

    private const int DayTicks = (int)(SubjectState.NoveltyMilliseconds / TickMilliseconds);

    // Ages are taken modulo 2^16 ticks of four seconds, three days: what seems older than two is a clock that stepped back by up to a day.
    private const int MostTicks = 2 * DayTicks;

    /// <summary>Places to go through for every record: those that hold none say 0.</summary>
    public int Places => IsScattered ? Head.Capacity : Head.Shown;

    /// <summary>Whether another record needs a larger block.</summary>
    public bool IsFull => IsScattered ? Head.Shown * 8 >= Head.Capacity * 7 : Head.Shown >= Head.Capacity;

    private bool IsScattered => Head.Capacity > MostInRow;

    private Span<RecordMark> Marks => MemoryMarshal.Cast<byte, RecordMark>(
        bytes.AsSpan(RecordsAt(Head.Type) + (Head.Capacity * sizeof(ulong)), Head.Capacity * Unsafe.SizeOf<RecordMark>()));

    private static int BytesPerRecord => sizeof(ulong) + Unsafe.SizeOf<RecordMark>();

    /// <summary>The place of a record that was shown in the last 24 hours; -1 for none.</summary>
    public int Find(ulong record, long now)
    {
        var place = Find(Records, record);
        if (place < 0 || IsFresh(Marks[place], now))
            return place;
        RemoveAt(place);
        return -1;
    }

    /// <summary>The windows that counted the record at a place, a bit each.</summary>
    public uint WindowsOf(int place) => Marks[place].Windows & ~IsOwn;

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

    /// <summary>Adds a record that is not there yet; the block must not be full.</summary>
    public void Add(ulong record, long at, uint windows) => Add(record, new RecordMark { At = Tick(at), Windows = (ushort)windows });

    /// <summary>Drops what was last shown more than a day ago.</summary>
    public void Expire(long now) => Drop(DayTicks, left: 0, now);

    /// <summary>Whether there are more records than are remembered by so many that it is worth dropping some: to look for the oldest takes a look at all of them.</summary>
    public bool IsPast(int most) => Head.Shown > most + (most / OneInMore);

    /// <summary>Drops those shown longest ago until at most so many are left.</summary>
    public void Trim(int most, long now)
    {
        if (Head.Shown <= most)
            return;
        var records = Records;
        var marks = Marks;
        var ages = ArrayPool<int>.Shared.Rent(Head.Shown);
        var known = 0;
        for (var place = 0; place < Places; place++)
        {
            if (records[place] != 0)
                ages[known++] = Age(marks[place], now);
        }

        Array.Sort(ages, 0, known);
        var oldest = ages[most];
        ArrayPool<int>.Shared.Return(ages);

        // Those older than the oldest that may stay, then as many of its age as there are too many.
        Drop(oldest + 1, most, now);
        Drop(oldest, most, now);
    }

    /// <summary>Drops all of them.</summary>
    public void ClearRecords()
    {
        Records[..Places].Clear();
        Head.Shown = 0;
    }

    /// <summary>Drops those of an age, in ticks, and older, until so many are left.</summary>
    private void Drop(int age, int left, long now)
    {
        var records = Records;
        var marks = Marks;
        int before;
        do
        {
            before = Head.Shown;
            for (var place = Places - 1; place >= 0 && Head.Shown > left; place--)
            {
                // Whoever moves up into the place is looked at too.
                while (Head.Shown > left && records[place] != 0 && Age(marks[place], now) >= age)
                    RemoveAt(place);
            }
        }
        while (IsScattered && Head.Shown != before); // Round the end of the row one moves up to where was looked already.
    }

    private void Add(ulong record, RecordMark mark)
    {
        var records = Records;
        var place = (int)Head.Shown;
        if (IsScattered)
        {
            for (place = Home(record, records.Length); records[place] != 0;)
                place = After(place, records.Length);
        }

        (records[place], Marks[place]) = (record, mark);
        Head.Shown++;
    }

    private void RemoveAt(int place)
    {
        var records = Records;
        var marks = Marks;
        var last = --Head.Shown;
        if (!IsScattered)
        {
            (records[place], marks[place]) = (records[last], marks[last]);
            records[last] = 0;
            return;
        }

        // Whoever was pushed past this place moves up, so that no search ends too early.
        var free = place;
        for (var next = After(free, records.Length); records[next] != 0; next = After(next, records.Length))
        {
            var home = Home(records[next], records.Length);
            if (free <= next ? home > free && home <= next : home > free || home <= next)
                continue;
            (records[free], marks[free]) = (records[next], marks[next]);
            free = next;
        }

        records[free] = 0;
    }

    private static ushort Tick(long time) => (ushort)(time / TickMilliseconds);

    private static int Age(RecordMark mark, long now) => (ushort)(Tick(now) - mark.At) is var age && age > MostTicks ? 0 : age;

    private static bool IsFresh(RecordMark mark, long now) => Age(mark, now) < DayTicks;

    private struct RecordMark
    {
        public ushort At;
        public ushort Windows;
    }
}
