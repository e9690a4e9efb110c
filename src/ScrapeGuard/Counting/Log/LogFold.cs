namespace ScrapeGuard.Counting.Log;

/// <summary>
/// What a log says of a subject: its events in the order of the log, which is the same on every node, whoever knew what when.
/// </summary>
internal sealed class LogFold
{
    private readonly WindowSet windows;
    private readonly long now;
    private readonly FoldedSlots slots;

    /// <param name="windows">The windows to fold into.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="forgottenAt">When the subject was last let go, as <see cref="LogReader.ForgottenAt"/> tells it.</param>
    public LogFold(WindowSet windows, long now, long forgottenAt)
    {
        this.windows = windows;
        this.now = now;
        ForgottenAt = forgottenAt;
        slots = new FoldedSlots(windows, now);
        Records = new FoldedRecords(slots);
    }

    public FoldedRecords Records { get; }

    public List<(ulong Account, KnownAccount Known)> Accounts { get; } = [];

    public List<long> StepUps { get; } = [];

    public int AllowanceLeft { get; private set; }

    public long AllowanceUntil { get; private set; }

    /// <summary>What happened before this time counts no more; 0 where nobody let the subject go.</summary>
    public long ForgottenAt { get; set; }

    /// <summary>Whether some records are counted and no longer listed, so that one that is missing may be one of those.</summary>
    public bool HasUnlisted { get; private set; }

    /// <summary>A window as the log has it.</summary>
    public SlidingWindow this[int window] => slots[window];

    /// <summary>Folds some entries, as far as they are understood.</summary>
    public void Add(ReadOnlySpan<byte> entries)
    {
        var reader = new LogReader(entries);
        while (reader.NextEntry())
        {
            var owner = reader.Incarnation;
            slots.Lost.Begin();
            while (reader.NextEvent(out var next))
            {
                // What says up to where it contains the entries of others is a snapshot.
                if (next.Type == LogEventType.Applied)
                    owner = Claim.Snapshot;
                Add(next, owner);
            }
        }
    }

    public void Record(ulong record, long time, uint charge, uint owner, LogEventType type = LogEventType.Record)
    {
        charge &= windows.Records;
        if (charge != 0 && IsCurrent(time) && time > now - Claim.Memory)
            Records.Add(record, new Claim(owner, time, charge, type));
    }

    public void Count(long time, uint charge, LogCounts counts)
    {
        HasUnlisted |= counts.Records != 0;
        if (!IsCurrent(time))
            return;
        slots.Add(windows.Views & charge, time, counts.Views);
        slots.Add(windows.Misses & charge, time, counts.Misses);
        slots.Add(windows.Records & ~windows.Pace & charge, time, counts.Records);
        slots.Add(windows.Pace & charge, time, counts.Of(WindowCount.Pace));
        slots.Add(windows.Neighbours & charge, time, counts.Neighbours);
        slots.Add(windows.RawViews, time, counts.RawViews);
        slots.Add(windows.Raw & ~windows.RawViews, time, counts.RawRecords);
    }

    public void Raise(Window window, in SlidingWindow counts) => slots.Lost.Raise(window, counts);

    public void Grant(long time, int allowance, long until)
    {
        if (!IsCurrent(time))
            return;
        if (time > now - SubjectState.NoveltyMilliseconds && !StepUps.Contains(time))
            StepUps.Add(time);
        (AllowanceLeft, AllowanceUntil) = (allowance, until);
    }

    public void UseAllowance(int units) => AllowanceLeft -= AllowanceUntil == 0 ? 0 : units;

    /// <summary>Clears what happened before. Of what was only told as slots it is not known when it happened.</summary>
    public void Forget(long time)
    {
        ForgottenAt = Math.Max(ForgottenAt, time);
        slots.Lost.Forget(time);
    }

    /// <summary>Writes all of it as what was in a lost log: others who knew the same log up to another entry add nothing to it twice.</summary>
    public void Write(LogWriter writer)
    {
        if (ForgottenAt > now - Claim.Memory)
            writer.Forget(ForgottenAt);
        foreach (var (account, known) in Accounts)
            writer.Account(account, known.First, known.Last, known.IsWarned);
        foreach (var at in StepUps)
            writer.Grant(at, AllowanceLeft, AllowanceUntil);
        foreach (var (record, time, bits) in Records.KnownAt(now))
            writer.Restored(Math.Max(time, ForgottenAt), record, LogCharge.Of(windows, bits, windows.KindOf(bits), windows.Records));
        for (var index = 0; index < windows.Count; index++)
        {
            if (slots[index] is { Total: > 0 } counts)
                writer.Slots(windows[index], counts);
        }
    }

    /// <summary>Undoes what an entry of this node has added to what is known here, where that is known without it being in the log.</summary>
    public void TakeOut(ReadOnlySpan<byte> entry)
    {
        var reader = new LogReader(entry);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
            {
                switch (next.Type)
                {
                    case LogEventType.Record:
                        TakeOutRecord(next.Fingerprint, next.Time, next.Charge.MaskOf(windows));
                        break;
                    case LogEventType.Counts:
                        Count(next.Time, next.Charge.MaskOf(windows), default(LogCounts) - next.Counts);
                        break;
                    case LogEventType.Grant:
                        TakeOutGrant(next.Time);
                        break;
                    case LogEventType.AllowanceUsed:
                        UseAllowance(-next.Units);
                        break;
                }
            }
        }
    }

    /// <summary>Counts a record among those of a lost log, unless it is among them.</summary>
    public void IncludeRecord(ulong record, long time, uint charge, uint own)
    {
        if (Records.IsKnown(record))
            return;
        Record(record, time, charge, own, LogEventType.Restored);
        slots.Add(charge & windows.Records, time, 1);
    }

    public void TakeOutRecord(ulong record, long time, uint charge)
    {
        if (Records.Remove(record))
            slots.Add(charge & windows.Records, time, -1);
    }

    public void TakeOutGrant(long time)
    {
        StepUps.Remove(time);
        (AllowanceLeft, AllowanceUntil) = (0, 0);
    }

    private void Add(in LogEvent next, uint owner)
    {
        switch (next.Type)
        {
            case LogEventType.Record or LogEventType.Shown or LogEventType.Restored:
                Record(next.Fingerprint, next.Time, next.Charge.MaskOf(windows), owner, next.Type);
                if (next.Type == LogEventType.Restored && IsCurrent(next.Time))
                    slots.Lost.Add(next.Fingerprint, next.Time, next.Charge);
                break;
            case LogEventType.Withdraw:
                Records.Withdraw(next.Fingerprint, owner, next.Time);
                break;
            case LogEventType.Counts:
                Count(next.Time, next.Charge.MaskOf(windows), next.Counts);
                break;
            case LogEventType.Account when next.LastSeen > now - KnownAccounts.Memory:
                Accounts.Add((next.Fingerprint, new KnownAccount(next.FirstSeen, next.LastSeen, next.IsWarned)));
                break;
            case LogEventType.Grant:
                Grant(next.Time, next.Allowance, next.Until);
                break;
            case LogEventType.AllowanceUsed:
                UseAllowance(next.Units);
                break;
            case LogEventType.Slots:
                Raise(next.Window, next.Slots);
                break;
            case LogEventType.Forget:
                Forget(next.Time);
                break;
        }
    }

    private bool IsCurrent(long time) => time >= ForgottenAt;
}
