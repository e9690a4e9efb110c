using ScrapeGuard.Counting;

namespace ScrapeGuard.Tests.Counting;

/// <summary>The oracle of <see cref="SubjectState"/>: the same arithmetic on plain lists, with no thought of room or time.</summary>
internal sealed class ReferenceState(WindowSet windows)
{
    private const long NoveltyMilliseconds = SubjectState.NoveltyMilliseconds;
    private const long StepUpDay = NoveltyMilliseconds;

    private readonly List<ShownRecord> shown = [];
    private readonly List<Reserved> inFlight = [];
    private readonly List<long> stepUps = [];

    /// <summary>By view: its records before this place add to scores.</summary>
    private readonly Dictionary<ulong, int> scoredUntil = [];
    private WindowSet windows = windows;
    private SlidingWindow[] settled = new SlidingWindow[windows.Count];
    private ReferenceAccounts? accounts;
    private int allowanceLeft;
    private long allowanceUntil;

    public long LastSeen { get; private set; }

    public long LastNovelAt { get; private set; }

    public SubjectReading Reserve(SubjectReservation view)
    {
        Advance(view.At, view.Windows);
        var novel = 0;
        var scored = new List<ulong>();
        var isRevisit = view.Records.Length > 0;
        if (view.Records.Length == 0)
            inFlight.Add(new Reserved(view.Id, view.At, view.Views, view.Charge, 0, 0, 0, 0));
        for (var index = 0; index < view.Records.Length; index++)
        {
            var record = view.Records[index];
            var isListed = view.Records.Length > 1 && (inFlight.Exists(other => other.Record == record && other.Id != view.Id)
                || shown.Exists(entry => entry.Record == record && entry.At > view.At - NoveltyMilliseconds));
            var bits = NovelBits(record, view.Charge & (scored.Count < 5 && !isListed ? ~0u : ~windows.Pace), view.At);
            if (scored.Count < 5)
                scoredUntil[view.Id] = index + 1;
            if ((bits & windows.Pace) != 0)
                scored.Add(record);
            novel += (bits & ~windows.Pace) != 0 ? 1 : 0;
            isRevisit &= bits == 0;
            var beside = view.Records.Length == 1 ? NeighbourBits(view, bits) : 0;
            var charge = view.Charge & (scoredUntil[view.Id] > index ? ~0u : ~windows.Pace);
            inFlight.Add(new Reserved(view.Id, view.At, index == 0 ? view.Views : 0, charge, bits, record, beside, 0));
        }

        if (view.Account != 0)
            (accounts ??= new()).See(view.Account, view.AccountIsWarned, view.At);
        AddRaw(WindowCount.RawViews, view.At, view.Views);

        var granted = UseAllowance(view, novel, isRevisit);
        return Read(view.At, novel, granted, view.Id);
    }

    /// <summary>Whether it makes no difference to anybody if a view is let by without a reservation.</summary>
    /// <param name="view">The view.</param>
    /// <param name="maxima">The strictest maximum of each window; 0 where no limit applies.</param>
    public bool MayPass(SubjectReservation view, int[] maxima)
    {
        if (inFlight.Count > 0 || view.Charge == 0)
            return inFlight.Count == 0;
        if (allowanceUntil > view.At || view.Records is not [var record] || !shown.Exists(entry => entry.Record == record && entry.At > view.At - NoveltyMilliseconds
            && (view.Charge & windows.Records & ~entry.Windows) == 0))
        {
            return false;
        }

        for (var index = 0; index < settled.Length; index++)
        {
            var isCharged = (view.Charge & (1u << index)) != 0;
            var isPast = windows[index].Count == WindowCount.Misses ? settled[index].Total > 0 : settled[index].Total * 2 >= maxima[index];

            // A revisit adds to no score, whatever it is.
            if ((maxima[index] > 0 && isPast && windows[index].Count != WindowCount.Pace) || (isCharged && windows[index].Count == WindowCount.Views))
                return false;
        }

        return true;
    }

    public void Settle(SubjectReservation view, Settlement settlement, long now)
    {
        Advance(now, view.Windows);
        var isKnown = view.Records.Length > 0 && inFlight.Exists(entry => entry.Id == view.Id);
        var beside = inFlight.Find(entry => entry.Id == view.Id).Neighbour;
        var reserved = inFlight.Where(entry => entry.Id == view.Id && entry.Record != 0).ToDictionary(entry => entry.Record, entry => entry.Novel);
        var returned = TakeBack(view.Id);
        if (settlement.Outcome == Outcome.Released)
        {
            if (!view.IsFree)
                AddRaw(WindowCount.RawViews, view.At, -view.Views);
            ReturnAllowance(returned);
            return;
        }

        if (view.IsFree)
            AddRaw(WindowCount.RawViews, view.At, view.Views);

        var until = isKnown ? scoredUntil[view.Id] : 5;
        Add(WindowCount.Views, view.Charge, view.At, view.Views + settlement.MoreViews);
        if (settlement.Outcome == Outcome.Missed)
        {
            Add(WindowCount.Misses, view.Charge, view.At, view.Views);
            Add(WindowCount.Pace, view.Charge, view.At, 3 * view.Views);
        }

        // A miss keeps what it took of an allowance: else an allowance would admit guesses without end.
        if (settlement.Outcome == Outcome.ViewOnly)
            ReturnAllowance(returned);
        if (settlement.Outcome != Outcome.Displayed)
            return;

        Add(WindowCount.RawRecords, ~0u, view.At, settlement.RawRecords);
        for (var index = 0; index < view.Records.Length; index++)
            Display(view.Records[index], view.Charge & (index < until ? ~0u : ~windows.Pace) & windows.Records, view.At, beside, view.Records.Length == 1 ? ~0u : reserved.GetValueOrDefault(view.Records[index]));
        if (shown.Count > settlement.MostRecords)
            shown.RemoveRange(0, shown.Count - settlement.MostRecords);
    }

    public SubjectReading Read(long now, WindowSet current)
    {
        Advance(now, current);
        return Read(now, 0, false, 0);
    }

    /// <summary>Clears all evidence. Accounts known at an address are remembered: they tell whom a block must not reach.</summary>
    public void Forget()
    {
        shown.Clear();
        inFlight.Clear();
        stepUps.Clear();
        Array.Clear(settled);
        (allowanceLeft, allowanceUntil, LastNovelAt) = (0, 0, 0);
    }

    /// <summary>Grants the allowance of a completed step-up; false where the day's step-ups are used up.</summary>
    public bool Grant(int allowance, long until, int maxPerDay, long now)
    {
        Advance(now, windows);
        if (stepUps.Count >= maxPerDay)
            return false;
        stepUps.Add(now);
        allowanceLeft = allowance;
        allowanceUntil = until;
        return true;
    }

    private void Advance(long now, WindowSet current)
    {
        if (!ReferenceEquals(current, windows))
            Relabel(current);
        for (var index = 0; index < settled.Length; index++)
            settled[index].Advance(windows[index].IndexAt(now));

        LastSeen = Math.Max(LastSeen, now);
        while (inFlight.FindIndex(view => view.At <= now - SubjectReservation.Lifetime) is >= 0 and var lapsed)
            ReturnAllowance(TakeBack(inFlight[lapsed].Id));
        shown.RemoveAll(entry => entry.At <= now - NoveltyMilliseconds);
        stepUps.RemoveAll(time => time <= now - StepUpDay);
    }

    /// <summary>The Records windows of <paramref name="charge"/> in which the record is neither displayed nor reserved already.</summary>
    private uint NovelBits(ulong record, uint charge, long now)
    {
        var bits = charge & windows.Records;
        var known = shown.FindIndex(entry => entry.Record == record);
        if (known >= 0 && shown[known].At > now - NoveltyMilliseconds)
            bits &= ~shown[known].Windows;
        foreach (var other in inFlight)
        {
            if (other.Record == record)
                bits &= ~other.Novel;
        }

        return bits;
    }

    /// <summary>The scores that count a record twice, as they counted one beside it shortly before, to four seconds.</summary>
    private uint NeighbourBits(SubjectReservation view, uint novel)
    {
        var bits = 0u;
        foreach (var neighbour in view.Neighbours)
        {
            foreach (var entry in shown.Where(entry => entry.Record == neighbour && ((view.At / 4000) - (entry.At / 4000)) * 4000 < Pace.Beside))
                bits |= entry.Windows;
            foreach (var other in inFlight.Where(other => other.Record == neighbour))
                bits |= other.Charge;
        }

        return bits & novel & windows.Pace;
    }

    /// <summary>Takes a view out of flight. Another view in flight for the same record inherits what it had reserved.</summary>
    private int TakeBack(ulong id)
    {
        var allowance = 0;
        for (var index = inFlight.Count - 1; index >= 0; index--)
        {
            if (inFlight[index].Id != id)
                continue;
            var gone = inFlight[index];
            allowance += gone.Allowance;
            inFlight.RemoveAt(index);
            var bits = gone.Novel;
            for (var other = 0; other < inFlight.Count && bits != 0; other++)
            {
                var heir = inFlight[other];
                if (heir.Record != gone.Record || heir.Id == id)
                    continue;
                var inherited = bits & heir.Charge & ~heir.Novel;
                inFlight[other] = heir with { Novel = heir.Novel | inherited };
                bits &= ~inherited;
            }
        }

        return allowance;
    }

    private void Display(ulong record, uint charge, long at, uint beside, uint reserved)
    {
        if (charge == 0)
            return;
        var known = shown.FindIndex(entry => entry.Record == record);
        var before = known >= 0 && shown[known].At > at - NoveltyMilliseconds ? shown[known] : new ShownRecord(record, at, 0);

        // What was shown already adds to scores when it is opened, not when it is listed again, unless that was reserved before.
        if (known >= 0 && shown[known].At > at - NoveltyMilliseconds)
            charge &= ~windows.Pace | reserved;
        var novel = charge & ~before.Windows;
        for (var index = 0; index < settled.Length; index++)
        {
            if ((novel & (1u << index)) != 0)
                settled[index].Add(windows[index].IndexAt(at), (beside & (1u << index)) != 0 ? 2 : 1);
        }

        if (known >= 0)
            shown.RemoveAt(known);
        shown.Add(new ShownRecord(record, Math.Max(at, before.At), before.Windows | charge));
        if (novel != 0)
            LastNovelAt = Math.Max(LastNovelAt, at);

        // What is displayed is counted now; a view still in flight for the same record no longer needs its reservation.
        for (var other = 0; other < inFlight.Count; other++)
        {
            if (inFlight[other].Record == record)
                inFlight[other] = inFlight[other] with { Novel = inFlight[other].Novel & ~charge };
        }
    }

    private void Add(WindowCount count, uint charge, long at, int events)
    {
        for (var index = 0; index < settled.Length && events != 0; index++)
        {
            if (windows[index].Count == count && (charge & (1u << index)) != 0)
                settled[index].Add(windows[index].IndexAt(at), events);
        }
    }

    private void AddRaw(WindowCount count, long at, int events) => Add(count, ~0u, at, events);

    private bool UseAllowance(SubjectReservation view, int novel, bool isRevisit)
    {
        if (allowanceUntil <= view.At || view.Maxima.Length == 0)
            return false;
        var isPast = false;
        var units = novel;
        for (var index = 0; index < settled.Length; index++)
        {
            if (view.Maxima[index] == 0 || (view.Charge & (1u << index)) == 0 || (isRevisit && windows[index].Count == WindowCount.Pace) || Count(index, view.Id).Against(view.Maxima[index], windows[index].Count) <= view.Maxima[index])
                continue;
            isPast = true;

            // Revisits are free past a limit of records; past one of views or misses each view takes from the allowance.
            if (windows[index].Count is not (WindowCount.Records or WindowCount.Pace))
                units = Math.Max(1, units);
        }

        if (!isPast || allowanceLeft < units)
            return false;
        allowanceLeft -= units;
        var mine = inFlight.FindIndex(entry => entry.Id == view.Id);
        inFlight[mine] = inFlight[mine] with { Allowance = units };
        return true;
    }

    private void ReturnAllowance(int units) => allowanceLeft += units;

    private WindowReading Count(int index, ulong id)
    {
        var reserved = 0;
        var bit = 1u << index;
        foreach (var view in inFlight)
        {
            reserved += windows[index].Count switch
            {
                WindowCount.Views when (view.Charge & bit) != 0 => view.Views,
                WindowCount.Records when (view.Novel & bit) != 0 => 1,
                WindowCount.Pace when (view.Novel & bit) != 0 => (view.Neighbour & bit) != 0 ? 2 : 1,
                WindowCount.Misses when (view.Charge & bit) != 0 && view.Id != id => view.Views,
                _ => 0,
            };
        }

        return new WindowReading(settled[index], reserved, windows[index].Count == WindowCount.Pace ? Score(index) : settled[index].Total);
    }

    private int Score(int index)
    {
        var slots = new ushort[SlidingWindow.Slots];
        settled[index].CopyTo(slots);
        var sub = windows[index].SubWindow;
        var passed = settled[index].Newest == LastSeen / sub ? LastSeen % sub : 0;
        return (int)Math.Round(Pace.Score(slots, sub, passed, Pace.Of(windows[index])!.LeakAt(0)));
    }

    private SubjectReading Read(long now, int novel, bool granted, ulong id)
    {
        var counts = new WindowReading[settled.Length];
        for (var index = 0; index < counts.Length; index++)
            counts[index] = Count(index, id);
        return new SubjectReading
        {
            Windows = windows,
            At = now,
            Counts = counts,
            Novel = novel,
            IsGranted = granted,
            AllowanceLeft = allowanceUntil > now ? allowanceLeft : 0,
            AllowanceUntil = allowanceUntil,
            StepUpsToday = stepUps.Count,
            GoodAccounts = accounts?.InGoodStanding(now) ?? 0,
            Displayed = shown.Count,
            LastNovelAt = LastNovelAt,
        };
    }

    /// <summary>After a reload: windows of the same label go on, others begin empty.</summary>
    private void Relabel(WindowSet current)
    {
        var before = windows;
        var moved = new SlidingWindow[current.Count];
        for (var index = 0; index < moved.Length; index++)
        {
            var old = before.IndexOf(current[index]);
            if (old >= 0)
                moved[index] = settled[old];
        }

        for (var index = 0; index < shown.Count; index++)
            shown[index] = shown[index] with { Windows = Move(shown[index].Windows) };
        for (var index = 0; index < inFlight.Count; index++)
            inFlight[index] = inFlight[index] with { Charge = Move(inFlight[index].Charge), Novel = Move(inFlight[index].Novel) };
        settled = moved;
        windows = current;

        uint Move(uint bits)
        {
            var result = 0u;
            for (var index = 0; index < current.Count; index++)
            {
                var old = before.IndexOf(current[index]);
                if (old >= 0 && (bits & (1u << old)) != 0)
                    result |= 1u << index;
            }

            return result;
        }
    }

    // Windows: the Records windows that counted it, a bit each.
    private readonly record struct ShownRecord(ulong Record, long At, uint Windows);

    private readonly record struct Reserved(ulong Id, long At, int Views, uint Charge, uint Novel, ulong Record, uint Neighbour, int Allowance);
}
