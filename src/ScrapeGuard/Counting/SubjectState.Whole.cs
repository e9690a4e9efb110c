using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>A subject by its whole log, and a log by all that is known of its subject.</summary>
internal ref partial struct SubjectState
{
    /// <summary>How long a record that is shown again and again is not told: who has not heard of it for a day takes it for novel.</summary>
    private const long RenewalMilliseconds = Hour;

    /// <summary>Whether a record that is shown again is to be told again: with the first showing in each hour, however often it is shown.</summary>
    private static bool IsRenewalDue(long last, long at) => last / RenewalMilliseconds != at / RenewalMilliseconds;

    /// <summary>Takes in a whole log in the place of what was known, then what is not in it yet: an entry that was sent, and what was not.</summary>
    public void LearnWhole(ReadOnlySpan<byte> log, ReadOnlySpan<byte> entry, uint own)
    {
        CountPending();
        var forgottenAt = Math.Max(ForgottenAt, Math.Max(LogReader.ForgottenAt(log), LogReader.ForgottenAt(entry)));
        var fold = new LogFold(windows, Head.LastSeen, forgottenAt);
        fold.Add(log);
        fold.Add(entry);
        Load(fold, own);
    }

    /// <summary>
    /// Writes, for a log that lost what was known here, all that is known but for what was never in the log; then that, as it was to be told. Nodes that knew
    /// the lost log up to different entries say the same, or less, and the most of it holds. Takes it in as every node will.
    /// </summary>
    /// <param name="log">The log as it is now.</param>
    /// <param name="news">The entry that is in no log.</param>
    /// <param name="newsSequence">Its sequence.</param>
    /// <param name="writer">Where to; begun.</param>
    /// <param name="sequence">The sequence of what is written.</param>
    /// <param name="own">Which start of which node this is.</param>
    /// <returns>What is to be appended.</returns>
    public ReadOnlyMemory<byte> Restore(ReadOnlySpan<byte> log, ReadOnlySpan<byte> news, uint newsSequence, LogWriter writer, uint sequence, uint own)
    {
        var known = Fold(own);
        IncludeAnnounced(known, own, newsSequence, isTold: false);
        known.TakeOut(news);
        foreach (var number in UnsentOldestFirst())
            UnsentFold.TakeOut(known, shard.Unsent[number]);
        IncludeAnnounced(known, own, newsSequence, isTold: true);
        known.Write(writer);
        writer.Append(news);
        var written = writer.End(own, sequence);
        LearnWhole(log, written.Span, own);
        return written;
    }

    private readonly long ForgottenAt => Side?.ForgottenAt ?? 0;

    /// <summary>What is known here, as a fold: without what views in flight have reserved.</summary>
    private readonly LogFold Fold(uint own)
    {
        var now = Head.LastSeen;
        var fold = new LogFold(windows, now, forgottenAt: 0);
        Block.Expire(now);
        for (var index = 0; index < windows.Count; index++)
            fold.Raise(windows[index], Block.Windows[index].ToWindow(windows[index].IndexAt(now)));
        for (var place = 0; place < Block.Places; place++)
        {
            if (Block.Records[place] != 0)
                fold.Record(Block.Records[place], Block.TimeOf(place, now), Block.WindowsOf(place), own, LogEventType.Restored);
        }
        fold.Accounts.AddRange(Accounts.All());
        if (Side is not { } side)
            return fold;
        side.ForgetStepUpsBefore(Head.LastSeen - NoveltyMilliseconds);
        foreach (var at in side.StepUps)
            fold.Grant(at, side.AllowanceLeft, side.AllowanceUntil);
        fold.ForgottenAt = side.ForgottenAt;
        return fold;
    }

    /// <summary>Takes in a fold, then what is in no log yet, but for what views in flight here have announced: that is reserved.</summary>
    private void Load(LogFold fold, uint own)
    {
        foreach (var number in UnsentOldestFirst())
            UnsentFold.Add(fold, shard.Unsent[number], own);
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
            Except(fold, in shard.Flights[number], own);
        var shownHere = ShownHere();
        var lastNovel = Head.LastNovel >= fold.ForgottenAt ? Head.LastNovel : 0;
        Clear();
        added = uint.MaxValue;
        for (var index = 0; index < windows.Count; index++)
        {
            if (fold[index] is { Total: > 0 } counts)
                Raise(index, counts);
        }

        foreach (var (record, time, bits) in fold.Records.KnownAt(Head.LastSeen))
            AddRecord(record, time, bits);
        LoadSide(fold);
        foreach (var (record, time, bits) in shownHere)
        {
            if (!fold.Records.IsClaimedBy(own, record))
                ShowAgain(fold, record, time, bits);
        }

        Head.LastNovel = Math.Max(lastNovel, fold.Records.LastNovel);
        ReserveAgain();
    }

    private void Raise(int index, SlidingWindow counts)
    {
        Lay(1u << index);
        Span<ushort> slots = stackalloc ushort[SlidingWindow.Slots];
        counts.CopyTo(slots);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var at = counts.Newest - SlidingWindow.SubWindows + slot;
            if (slots[slot] == 0 || Block.Windows[index].Raise(at, slots[slot]))
                continue;
            Widen();
            Block.Windows[index].Raise(at, slots[slot]);
        }
    }

    private readonly void LoadSide(LogFold fold)
    {
        foreach (var (account, known) in fold.Accounts)
            Accounts.Learn(account, known);
        if (fold.StepUps.Count == 0 && fold.AllowanceUntil == 0 && fold.ForgottenAt == 0)
            return;
        var side = shard.SideOf(ref Head);
        side.StepUps.AddRange(fold.StepUps);
        shard.Weigh(Head);
        (side.AllowanceLeft, side.AllowanceUntil, side.ForgottenAt) = (fold.AllowanceLeft, fold.AllowanceUntil, Math.Max(side.ForgottenAt, fold.ForgottenAt));
    }

    private readonly List<(ulong Record, long Time, uint Windows)> ShownHere()
    {
        var shown = new List<(ulong, long, uint)>();
        for (var place = 0; place < Block.Places; place++)
        {
            if (Block.Records[place] != 0 && Block.WasDisplayedHere(place))
                shown.Add((Block.Records[place], Block.TimeOf(place, Head.LastSeen), Block.WindowsOf(place)));
        }

        return shown;
    }

    /// <summary>
    /// A record that this node displayed, relying on the claim of another. Where that was taken back, this node claims it now; unless it only showed the record
    /// again, a day after it counted.
    /// </summary>
    private void ShowAgain(LogFold fold, ulong record, long time, uint bits)
    {
        if (time <= fold.ForgottenAt + SubjectBlock.TickMilliseconds)
            return;
        var place = Block.Find(record, Head.LastSeen);
        if (place >= 0)
        {
            Block.Renew(place, time, SubjectBlock.IsOwn);
            return;
        }

        if (fold.HasUnlisted)
            return;
        AddRecord(record, time, bits | SubjectBlock.IsOwn);
        if (time <= Head.LastSeen - NoveltyMilliseconds + RenewalMilliseconds)
            return;
        Add(bits, time, 1);
        TellRecord(record, time, bits, windows.KindOf(bits), isUrgent: false);
    }

    /// <summary>What views in flight reserve, by what is known now: the oldest first.</summary>
    private readonly void ReserveAgain()
    {
        var before = new List<(int Flight, int Index, uint Novel)>();
        for (var skip = 0; FromOldest(skip) is not 0 and var number; skip++)
        {
            ref var flight = ref shard.Flights[number];
            for (var index = 0; index < flight.Records; index++)
            {
                before.Add((number, index, flight.NovelAt(index)));
                flight.SetNovel(index, 0);
            }
        }

        foreach (var (number, index, novel) in before)
        {
            ref var flight = ref shard.Flights[number];
            var bits = NovelBits(flight.RecordAt(index), ChargeAt(flight.Charge, index, flight.ScoredUntil), Head.LastSeen);
            flight.SetNovel(index, bits);
            if (flight.IsAnnounced && (bits & ~novel) != 0 && !flight.IsClaimedAt(index))
                TellClaim(ref flight, index);
        }
    }
}
