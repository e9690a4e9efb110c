using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>Windows and records as time passes, and as the block grows.</summary>
internal ref partial struct SubjectState
{
    /// <summary>For how long the windows are not looked at again, at most; and how long before it may be that a view came which is counted without a look.</summary>
    private const int LongestTurn = 60_000;
    private const int TurnBefore = 5_000;

    /// <summary>Brings everything up to a time: windows move on, reservations lapse, what was shown a day ago is forgotten.</summary>
    private readonly void Advance(long now)
    {
        ref var head = ref Head;
        if (head.Flight != 0)
            LapseBefore(now - SubjectReservation.Lifetime);
        if (head.IsInTurn(now))
        {
            head.LastSeen = Math.Max(head.LastSeen, now);
            return;
        }

        Turn(ref head, now);
        if (now - head.LastSeen >= NoveltyMilliseconds)
            Block.ClearRecords();
        else
            Block.Expire(now);
        head.LastSeen = Math.Max(head.LastSeen, now);
    }

    /// <summary>Moves the windows on, and notes for how long that will do: a division for each window and view would cost more than all the rest.</summary>
    private readonly void Turn(ref SubjectHead head, long now)
    {
        var slots = Block.Windows;
        var from = long.MinValue;
        var to = now + LongestTurn;
        for (var bits = windows.Turning | head.Windows; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            ref readonly var sub = ref windows.SubWindowOf(index);
            var number = sub.Of(now);
            slots[index].Advance(number, now - head.LastSeen >= SlidingWindow.Slots * sub.By);

            // One that stays a sub-window ahead, as the clock stepped back a little, is counted in by its time.
            if (!slots[index].IsNewest(number))
                to = long.MinValue;
            from = Math.Max(from, number * sub.By);
            to = Math.Min(to, (number + 1) * sub.By);
        }

        head.Turn(Math.Max(from, now - TurnBefore), to);
    }

    /// <summary>Notes whether the subject is far from every limit, so that its next revisit need not be reserved.</summary>
    public readonly void Calm()
    {
        if (windows.Newcomers != 0)
            Beware();
        var slots = Block.Windows;
        for (var bits = added & windows.Bounded; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            if (slots[index].Total > windows.Calm[index])
                return;
        }

        BeCalm();
    }

    /// <summary>
    /// Notes that a subject which was calm is so still, unless something was added that would have to be looked at: time only takes away from windows. One of
    /// which no window has a bound is always calm.
    /// </summary>
    public readonly void StayCalm()
    {
        if ((added & windows.Bounded) == 0)
            BeCalm();
    }

    private readonly void BeCalm()
    {
        if (Side is not { AllowanceUntil: not 0 } && (Head.Flags & SubjectFlags.IsAsked) == 0)
            Head.Flags |= SubjectFlags.IsCalm;
    }

    private void AddRecord(ulong record, long at, uint windows)
    {
        // A page that ran for a day: its record is novel again already. And zero is no record, whatever a log says.
        if (at <= Head.LastSeen - NoveltyMilliseconds || record == 0)
            return;
        if (Block.IsFull)
            Block.Expire(Math.Max(at, Head.LastSeen));
        if (Block.IsFull)
            Grow();
        if (!Block.IsFull)
            Block.Add(record, at, windows);
    }

    /// <summary>
    /// Room for half as many again, at least for ten: most subjects are shown few records. Windows that hold nothing any more make room for them.
    /// </summary>
    private void Grow()
    {
        Resize(Block.Windows.Held, Head.Capacity < 10 ? 10 : Math.Min(ushort.MaxValue, Head.Capacity + (Head.Capacity / 2)), Block.IsWide);
    }

    /// <summary>Room for more than a byte in each slot.</summary>
    private void Widen() => Resize(Head.Windows, Head.Capacity, isWide: true);

    /// <summary>A place for each of these windows.</summary>
    private void Lay(uint bits)
    {
        var absent = bits & ~Head.Windows;
        if (absent == 0)
            return;
        Resize(Head.Windows | absent, Head.Capacity, Block.IsWide);
        var slots = Block.Windows;
        for (; absent != 0; absent &= absent - 1)
        {
            var index = BitOperations.TrailingZeroCount(absent);
            slots[index].Advance(windows.IndexAt(index, Head.TurnedAt), isGone: true);
        }
    }

    private void Resize(uint present, int capacity, bool isWide)
    {
        var before = bytes;
        bytes = shard.Resize(before, present, capacity, isWide);
        new SubjectBlock(before).Windows.CopyTo(Block.Windows);
        shard.Return(before);
    }

    private void Add(uint bits, long at, int events)
    {
        if (bits == 0 || events == 0)
            return;
        added |= bits;
        if (events > 0)
            Lay(bits);
        else
            bits &= Head.Windows;
        var isNewest = Head.IsInTurn(at);
        for (; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            var isAdded = isNewest ? Block.Windows[index].AddNewest(events) : Block.Windows[index].Add(windows.IndexAt(index, at), events);
            if (isAdded)
                continue;
            Widen();
            Block.Windows[index].Add(windows.IndexAt(index, at), events);
        }
    }

    private void AddRaw(WindowCount count, long at, int events)
    {
        if (windows.Raw == 0 || events == 0)
            return;
        Add(count == WindowCount.RawViews ? windows.RawViews : windows.Raw & ~windows.RawViews, at, events);
        if (isShared)
            TellRaw(count, at, events);
    }

    /// <summary>A subject that comes back after it was forgotten for want of room has the day's count of before.</summary>
    private void Inherit(long now)
    {
        Head.Flags |= SubjectFlags.HasInherited;
        Add(windows.DayRecords, now, Head.Inherited);
    }

    private readonly void Clear()
    {
        Block.Windows.Clear();
        Turn(ref Head, Head.LastSeen);
        Block.ClearRecords();
        Head.Inherited = 0;
        Head.Flags &= ~SubjectFlags.IsWary;
        if (Side is not { } side)
            return;
        side.StepUps.Clear();
        (side.AllowanceLeft, side.AllowanceUntil) = (0, 0);
    }
}
