using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>What other nodes tell of a subject, event by event.</summary>
internal ref partial struct SubjectState
{
    /// <summary>By how much a snapshot may put something later that is not older than a view can take: a twenty-fourth of that.</summary>
    private const long SnapshotMilliseconds = SubjectReservation.Lifetime / 24;

    /// <summary>A record was shown elsewhere, or is about to be.</summary>
    public void LearnRecord(ulong record, long at, uint charge)
    {
        charge &= windows.Records;
        if (charge == 0 || at <= Head.LastSeen - NoveltyMilliseconds)
            return;
        var place = Block.Find(record, Head.LastSeen);
        var novel = place < 0 ? charge : charge & ~Block.WindowsOf(place);
        Add(novel, at, 1);
        if (place >= 0)
            Block.Renew(place, at, charge);
        else
            AddRecord(record, at, charge);
        if (novel == 0)
            return;
        Head.LastNovel = Math.Max(Head.LastNovel, at);
        Excuse(record, charge);
    }

    /// <summary>A record announced elsewhere was not shown there after all. Who was shown it here, or waits for it, says so again.</summary>
    public readonly void LearnWithdrawal(ulong record, long announcedAt)
    {
        var place = Block.Find(record, Head.LastSeen);
        if (place < 0)
            return;
        var bits = Block.WindowsOf(place);
        var at = Block.TimeOf(place, Head.LastSeen);
        if (Block.WasDisplayedHere(place))
        {
            TellRecord(record, at, bits, 0, isUrgent: false);
            return;
        }

        Subtract(bits, announcedAt, 1);
        Block.RemoveAt(place);
        Bequeath(record, bits, isAnnounced: false);
    }

    public void LearnCounts(long at, uint charge, int views, int misses, int records, int rawViews, int rawRecords)
    {
        AddOrSubtract(windows.Views & charge, at, views);
        AddOrSubtract(windows.Misses & charge, at, misses);
        AddOrSubtract(windows.Records & charge, at, records);
        AddOrSubtract(windows.RawViews, at, rawViews);
        AddOrSubtract(windows.Raw & ~windows.RawViews, at, rawRecords);
    }

    public readonly void LearnAccount(ulong account, KnownAccount known)
    {
        Block.Visitor = default;
        var side = shard.SideOf(ref Head);
        var before = side.Bytes;
        (side.Accounts ??= new KnownAccounts()).Learn(account, known);
        shard.Weigh(side.Bytes - before);
    }

    public readonly void LearnGrant(long at, int allowance, long until)
    {
        if (at <= Head.LastSeen - NoveltyMilliseconds)
            return;
        var side = shard.SideOf(ref Head);
        side.StepUps.Add(at);
        (side.AllowanceLeft, side.AllowanceUntil) = (allowance, until);
    }

    public readonly void LearnAllowanceUsed(int units)
    {
        if (Side is { } side)
            side.AllowanceLeft -= units;
    }

    /// <summary>An operator let the subject go.</summary>
    public readonly void LearnForgetting()
    {
        Clear();
        Head.LastNovel = 0;
    }

    /// <summary>Raises the slots of a window to what somebody knows at least.</summary>
    public void LearnSlots(Window window, SlidingWindow counts)
    {
        if (windows.IndexOf(window) is not (>= 0 and var index))
            return;
        Span<ushort> slots = stackalloc ushort[SlidingWindow.Slots];
        counts.CopyTo(slots);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var at = counts.Newest - (SlidingWindow.Slots - 1 - slot);
            if (slots[slot] == 0 || Block.Windows[index].Raise(at, slots[slot]))
                continue;
            Widen();
            Block.Windows[index].Raise(at, slots[slot]);
        }
    }

    /// <summary>
    /// After the whole log was read, and what this node has not told yet was added to it: views in flight here that were announced are part of the log, and
    /// reserved as well. They count once; their records were passed over.
    /// </summary>
    private readonly void CountAnnouncedOnce()
    {
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var flight = ref shard.Flights[number];
            if (flight.IsAnnounced)
                Subtract(windows.Views & flight.Charge, flight.At, flight.Views);
        }
    }

    /// <summary>Counts again what this node has not told yet: the list is the newest first.</summary>
    private void RepeatUnsent()
    {
        Span<int> numbers = Head.UnsentEvents <= 128 ? stackalloc int[128] : new int[Head.UnsentEvents];
        var length = 0;
        for (var number = Head.Unsent; number != 0 && length < numbers.Length; number = shard.Unsent[number].Next)
            numbers[length++] = number;
        while (length > 0)
            Repeat(shard.Unsent[numbers[--length]]);
    }

    private void Repeat(Unsent unsent)
    {
        switch (unsent.Type)
        {
            case UnsentType.Record when !IsAnnounced(unsent.Value):
                LearnRecord(unsent.Value, unsent.At, unsent.Charge);
                break;
            case UnsentType.Counts:
                LearnCounts(unsent.At, unsent.Charge, unsent.Views, unsent.Misses, 0, unsent.RawViews, unsent.RawRecords);
                break;
            case UnsentType.Grant:
                LearnGrant(unsent.At, unsent.Views, (long)unsent.Value);
                break;
            case UnsentType.Allowance:
                LearnAllowanceUsed(unsent.Views);
                break;
            case UnsentType.Forget:
                LearnForgetting();
                break;
        }
    }

    /// <summary>Adds events, or takes them out again: a snapshot may have put those a little later.</summary>
    private void AddOrSubtract(uint bits, long at, int events)
    {
        if (events >= 0)
            Add(bits, at, events);
        else
            Subtract(bits, at, -events);
    }

    private readonly void Subtract(uint bits, long at, int events)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            for (var left = events; left > 0; left--)
                Block.Windows[index].Take(windows[index].IndexAt(at), 1 + (int)(SnapshotMilliseconds / windows[index].SubWindow));
        }
    }
}
