using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>What is sent of a subject, and what is made of the answer.</summary>
internal ref partial struct SubjectState
{
    private const long Hour = 3_600_000;

    /// <summary>How long the log is to be kept: until nothing in it counts any more.</summary>
    public readonly long TimeToLive => Side?.Accounts is null ? windows.Longest + Hour : Math.Max(windows.Longest, KnownAccounts.Memory) + Hour;

    /// <summary>Writes what was not sent yet, the oldest first, and keeps none of it.</summary>
    public readonly void WriteUnsent(LogWriter writer)
    {
        ref var head = ref Head;
        if ((head.Flags & SubjectFlags.OwesEverything) != 0)
        {
            WriteEverything(writer);
            return;
        }

        var oldest = 0;
        while (head.Unsent != 0)
        {
            ref var unsent = ref shard.Unsent[head.Unsent];
            (head.Unsent, unsent.Next, oldest) = (unsent.Next, oldest, head.Unsent);
        }

        for (var number = oldest; number != 0;)
        {
            ref var unsent = ref shard.Unsent[number];
            Write(writer, unsent);
            var next = unsent.Next;
            shard.Unsent.Return(number);
            number = next;
        }

        head.UnsentEvents = 0;
    }

    /// <summary>
    /// Writes all that is known, by this node and as far as it was told by others: for a log that was lost, or lost some of it. Folded into what others
    /// know it adds nothing twice: records are a set, and of slots the larger holds.
    /// </summary>
    public readonly void WriteEverything(LogWriter writer)
    {
        ref var head = ref Head;
        DropUnsent();
        head.Flags &= ~SubjectFlags.OwesEverything;
        for (var number = head.Flight; number != 0; number = shard.Flights[number].Next)
            shard.Flights[number].IsAnnounced = false;
        Block.Expire(head.LastSeen);
        for (var place = 0; place < head.Shown; place++)
            writer.Record(Block.TimeOf(place, head.LastSeen), Block.Records[place], ChargeOf(Block.WindowsOf(place), windows.KindOf(Block.WindowsOf(place)), windows.Records));
        for (var index = 0; index < windows.Count; index++)
        {
            if ((windows.Records & (1u << index)) == 0 && Block.Windows[index].Total > 0)
                writer.Slots(windows[index], Block.Windows[index].ToWindow(windows[index].IndexAt(head.LastSeen)));
        }

        if (Side is not { } side)
            return;
        foreach (var (account, known) in side.Accounts?.All() ?? [])
            writer.Account(account, known.First, known.Last, known.IsWarned);
        foreach (var at in side.StepUps)
            writer.Grant(at, side.AllowanceLeft, side.AllowanceUntil);
    }

    /// <summary>Takes in what other nodes appended; what this node wrote it knows.</summary>
    public void LearnNews(ReadOnlySpan<byte> news, uint incarnation)
    {
        var reader = new LogReader(news);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
            {
                if (reader.Incarnation != incarnation)
                    Learn(next);
            }
        }
    }

    /// <summary>Takes in a whole log in the place of what was known, then what is not in it yet: an entry that was sent, and what was not.</summary>
    public void LearnWhole(ReadOnlySpan<byte> log, ReadOnlySpan<byte> entry)
    {
        Clear();
        LearnAll(log);
        LearnAll(entry);
        RepeatUnsent();
        CountAnnouncedOnce();
    }

    public readonly void DropUnsent()
    {
        ref var head = ref Head;
        while (head.Unsent != 0)
        {
            var number = head.Unsent;
            head.Unsent = shard.Unsent[number].Next;
            shard.Unsent.Return(number);
        }

        head.UnsentEvents = 0;
    }

    private void LearnAll(ReadOnlySpan<byte> entries)
    {
        var reader = new LogReader(entries);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
            {
                // What a view in flight here has announced is reserved, and counts when it is settled.
                if (next.Type != LogEventType.Record || !IsAnnounced(next.Fingerprint))
                    Learn(next);
            }
        }
    }

    private readonly bool IsAnnounced(ulong record)
    {
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var flight = ref shard.Flights[number];
            if (flight.IsAnnounced && flight.IndexOf(record) is >= 0 and var index && flight.NovelAt(index) != 0)
                return true;
        }

        return false;
    }

    private void Learn(in LogEvent next)
    {
        switch (next.Type)
        {
            case LogEventType.Record:
                LearnRecord(next.Fingerprint, next.Time, MaskOf(next.Charge));
                break;
            case LogEventType.Withdraw:
                LearnWithdrawal(next.Fingerprint, next.Time);
                break;
            case LogEventType.Counts:
                var counts = next.Counts;
                LearnCounts(next.Time, MaskOf(next.Charge), counts.Views, counts.Misses, counts.Records, counts.RawViews, counts.RawRecords);
                break;
            case LogEventType.Account:
                LearnAccount(next.Fingerprint, new KnownAccount(next.FirstSeen, next.LastSeen, next.IsWarned));
                break;
            case LogEventType.Grant:
                LearnGrant(next.Time, next.Allowance, next.Until);
                break;
            case LogEventType.AllowanceUsed:
                LearnAllowanceUsed(next.Units);
                break;
            case LogEventType.Forget:
                LearnForgetting();
                break;
            case LogEventType.Slots:
                LearnSlots(next.Window, next.Slots);
                break;
        }
    }

    private readonly void Write(LogWriter writer, in Unsent unsent)
    {
        switch (unsent.Type)
        {
            case UnsentType.Record:
                writer.Record(unsent.At, unsent.Value, ChargeOf(unsent.Charge, unsent.Kind, windows.Records));
                break;
            case UnsentType.Withdraw:
                writer.Withdraw(unsent.At, unsent.Value);
                break;
            case UnsentType.Counts:
                var charge = ChargeOf(unsent.Charge, unsent.Kind, windows.Views | windows.Misses);
                var counts = new LogCounts(unsent.Views, unsent.Misses, 0, unsent.RawViews, unsent.RawRecords);
                if (!counts.IsEmpty)
                    writer.Counts(unsent.At, charge, counts);
                break;
            case UnsentType.Account when Side?.Accounts is { } accounts && accounts.Find(unsent.Value) is { } known:
                writer.Account(unsent.Value, known.First, known.Last, known.IsWarned);
                break;
            case UnsentType.Grant:
                writer.Grant(unsent.At, unsent.Views, (long)unsent.Value);
                break;
            case UnsentType.Allowance:
                writer.AllowanceUsed(unsent.Views);
                break;
            case UnsentType.Forget:
                writer.Forget(unsent.At);
                break;
        }
    }

    /// <summary>Bits of this node's windows as every node understands them.</summary>
    private readonly LogCharge ChargeOf(uint bits, uint kind, uint among)
    {
        var ofKind = windows.OfKind(kind) & among;
        bits &= among;
        if (bits == ofKind)
            return new LogCharge(ChargeForm.Every, kind);
        if (bits == (windows.ChargingAll & ofKind))
            return new LogCharge(ChargeForm.AllViews, kind);
        var listed = new Window[System.Numerics.BitOperations.PopCount(bits)];
        for (var place = 0; bits != 0; bits &= bits - 1)
            listed[place++] = windows[System.Numerics.BitOperations.TrailingZeroCount(bits)];
        return new LogCharge(ChargeForm.Listed, kind, LogCharge.LabelsOf(listed));
    }

    private readonly uint MaskOf(LogCharge charge)
    {
        var ofKind = windows.OfKind(charge.Kind);
        switch (charge.Form)
        {
            case ChargeForm.Every:
                return ofKind;
            case ChargeForm.AllViews:
                return ofKind & windows.ChargingAll;
        }

        var bits = 0u;
        for (var index = 0; index < windows.Count; index++)
            bits |= charge.Charges(windows[index]) ? 1u << index : 0;
        return bits;
    }
}
