using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>What other nodes tell of a subject, event by event.</summary>
internal ref partial struct SubjectState
{
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
    public readonly void LearnWithdrawal(ulong record)
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

        Subtract(bits, at);
        Block.RemoveAt(place);
        Bequeath(record, bits, isAnnounced: false);
    }

    public readonly void LearnCounts(long at, uint charge, int views, int misses, int records, int rawViews, int rawRecords)
    {
        Add(windows.Views & charge, at, views);
        Add(windows.Misses & charge, at, misses);
        Add(windows.Records & charge, at, records);
        Add(windows.RawViews, at, rawViews);
        Add(windows.Raw & ~windows.RawViews, at, rawRecords);
    }

    public readonly void LearnAccount(ulong account, KnownAccount known)
    {
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
    public readonly void LearnSlots(Window window, long newest, ReadOnlySpan<ushort> slots)
    {
        if (windows.IndexOf(window) is not (>= 0 and var index))
            return;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot] != 0)
                Block.Windows[index].Raise(newest - (slots.Length - 1 - slot), slots[slot]);
        }
    }

    /// <summary>Before the whole log is read: everything goes but what this node has not told yet and what is in flight.</summary>
    public readonly void BeginWhole() => Clear();

    /// <summary>
    /// After the whole log was read, and what this node has not told yet was added to it: views in flight here that were announced are part of the log, and
    /// reserved as well. They count once.
    /// </summary>
    public readonly void EndWhole()
    {
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var flight = ref shard.Flights[number];
            if (!flight.IsAnnounced)
                continue;
            Add(windows.Views & flight.Charge, flight.At, -flight.Views);
            for (var index = 0; index < flight.Records; index++)
            {
                if (flight.NovelAt(index) == 0 || Block.Find(flight.RecordAt(index), Head.LastSeen) is not (>= 0 and var place))
                    continue;
                Subtract(Block.WindowsOf(place), Block.TimeOf(place, Head.LastSeen));
                Block.RemoveAt(place);
            }
        }
    }

    /// <summary>Counts again what this node has not told yet.</summary>
    public void RepeatUnsent()
    {
        // The list is the newest first.
        Span<int> oldestFirst = stackalloc int[64];
        var length = 0;
        for (var number = Head.Unsent; number != 0 && length < oldestFirst.Length; number = shard.Unsent[number].Next)
            oldestFirst[length++] = number;
        while (length > 0)
            Repeat(shard.Unsent[oldestFirst[--length]]);
    }

    private void Repeat(Unsent unsent)
    {
        switch (unsent.Type)
        {
            case UnsentType.Record:
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

    private readonly void Subtract(uint bits, long at)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            Block.Windows[index].Take(windows[index].IndexAt(at), 1 + (int)(SubjectBlock.TickMilliseconds / windows[index].SubWindow));
        }
    }
}
