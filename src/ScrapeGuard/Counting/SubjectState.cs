using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>
/// The arithmetic on one subject: what a view reserves, what its outcome settles, what a completed step-up admits. Holds a subject's block for as long as
/// the lock of its shard is held.
/// </summary>
internal ref partial struct SubjectState
{
    public const long NoveltyMilliseconds = 24L * 60 * 60 * 1000;

    private readonly SubjectShard shard;
    private readonly WindowSet windows;

    /// <summary>Whether there are other nodes to be told.</summary>
    private readonly bool isShared;
    private byte[] bytes;

    public SubjectState(SubjectShard shard, byte[] bytes, WindowSet windows, bool isShared, long now)
    {
        this.shard = shard;
        this.bytes = bytes;
        this.windows = windows;
        this.isShared = isShared;
        if (Block.Head.Layout != windows.Id)
            throw new InvalidOperationException("The block is laid out for other windows.");
        Head.Flags &= ~SubjectFlags.IsCalm;
        Advance(now);
    }

    public readonly SubjectBlock Block => new(bytes);

    private readonly ref SubjectHead Head => ref Block.Head;

    private readonly SubjectSide? Side => Head.Side == 0 ? null : shard.Sides[Head.Side];

    /// <summary>Reserves a view and tells what the windows hold with it.</summary>
    public void Reserve(SubjectReservation view, SubjectCounts counts)
    {
        if (Head.Inherited > 0 && (Head.Flags & SubjectFlags.HasInherited) == 0)
            Inherit(view.At);
        Count(view.Id, counts, windows.Limited & (Head.Type == SubjectType.Address ? view.Charge : ~0u));
        var number = shard.Flights.Take();
        ref var flight = ref shard.Flights[number];
        flight = new Flight { Id = view.Id, At = view.At, Charge = view.Charge, Kind = view.Kind, Views = view.Views, Next = Head.Flight };
        counts.Novel = view.Records.Length switch
        {
            0 => 0,
            1 => ReserveOne(ref flight, view, counts),
            _ => ReserveList(ref flight, view, counts),
        };
        Head.Flight = number;
        for (var bits = view.Charge & windows.Views; bits != 0; bits &= bits - 1)
            counts.Own[BitOperations.TrailingZeroCount(bits)] += view.Views;
        if (view.Account != 0)
            See(view.Account, view.AccountIsWarned, view.At);
        if (view.Subject.Type == SubjectType.Address)
            AddRaw(WindowCount.RawViews, view.At, view.Views);
        counts.GoodAccounts = Side?.Accounts?.InGoodStanding(view.At) ?? 0;
        counts.IsGranted = UseAllowance(view, ref flight, counts);
        counts.IsShared = Head.Mark != 0;
        if (isShared && (view.IsAwaited || IsNewHere(counts) || IsPastHalf(view, counts)))
            Announce(ref flight);
    }

    /// <summary>Ends a view.</summary>
    public void Settle(SubjectReservation view, Settlement settlement)
    {
        if (view.IsFree && settlement.Outcome != Outcome.Released)
            Pay(view);
        var number = Take(view.Id, settlement.Outcome == Outcome.Displayed);
        var gone = number == 0 ? default : shard.Flights[number];
        if (number != 0)
            shard.Flights.Return(number);

        // An operator let the subject go meanwhile.
        if (view.At < ForgottenAt)
            return;
        switch (settlement.Outcome)
        {
            case Outcome.Released:
                AddRaw(WindowCount.RawViews, view.At, view.IsFree ? 0 : -view.Views);
                ReturnAllowance(gone.Allowance);
                TellOutcome(gone, view, 0, 0);
                return;
            case Outcome.Missed:
                // A miss keeps what it took of an allowance: else an allowance would admit guesses without end.
                Add(windows.Misses & view.Charge, view.At, view.Views);
                break;
            case Outcome.ViewOnly:
                ReturnAllowance(gone.Allowance);
                break;
        }

        Add(windows.Views & view.Charge, view.At, view.Views + settlement.MoreViews);
        if (settlement.Outcome == Outcome.Displayed)
        {
            AddRaw(WindowCount.RawRecords, view.At, settlement.RawRecords);
            foreach (var record in view.Records)
                Display(record, view.Charge & windows.Records, view, in gone);
            if (Head.Shown > settlement.MostRecords)
                Block.Trim(settlement.MostRecords, view.At);
        }

        TellOutcome(gone, view, view.Views + settlement.MoreViews, settlement.Outcome == Outcome.Missed ? view.Views : 0);
    }

    /// <summary>What the windows hold, but for what view <paramref name="id"/> and those after it reserved.</summary>
    /// <param name="id">The view; 0 for none.</param>
    /// <param name="counts">To be filled in.</param>
    /// <param name="among">The windows that are asked for, a bit each; what is held of the others is left open.</param>
    public readonly void Count(ulong id, SubjectCounts counts, uint among = uint.MaxValue)
    {
        var slots = Block.Windows;
        Array.Clear(counts.Others);
        Array.Clear(counts.Own);
        for (var bits = among & windows.All; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            counts.Settled[index] = slots[index].Total;
        }

        counts.IsGranted = false;
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var flight = ref shard.Flights[number];
            var into = flight.Id == id ? counts.Own : counts.Others;

            // Two nodes may have used the same allowance: then it is used up, and neither has any.
            if (flight.Id == id)
                counts.IsGranted = flight.IsGranted && Side is { AllowanceLeft: >= 0 };
            for (var bits = flight.Charge & (windows.Views | (flight.Id == id ? 0 : windows.Misses)); bits != 0; bits &= bits - 1)
                into[BitOperations.TrailingZeroCount(bits)] += flight.Views;
            for (var record = 0; record < flight.Records; record++)
            {
                for (var bits = flight.NovelAt(record); bits != 0; bits &= bits - 1)
                    into[BitOperations.TrailingZeroCount(bits)]++;
            }
        }

        counts.IsShared = Head.Mark != 0;
        counts.GoodAccounts = Side?.Accounts?.InGoodStanding(Head.LastSeen) ?? 0;
    }

    /// <summary>All that is known, the reservation of view <paramref name="id"/> included.</summary>
    public readonly SubjectReading Read(long now, ulong id = 0, SubjectCounts? own = null)
    {
        Block.Expire(now);
        var counts = new SubjectCounts();
        Count(id, counts);
        var readings = new WindowReading[windows.Count];
        for (var index = 0; index < readings.Length; index++)
            readings[index] = new WindowReading(Block.Windows[index].ToWindow(windows[index].IndexAt(now)), counts.Others[index] + counts.Own[index]);
        return new SubjectReading
        {
            Windows = windows,
            At = now,
            Counts = readings,
            Novel = own?.Novel ?? 0,
            IsGranted = own?.IsGranted ?? false,
            AllowanceLeft = Side is { } side && side.AllowanceUntil > now ? side.AllowanceLeft : 0,
            AllowanceUntil = Side?.AllowanceUntil ?? 0,
            StepUpsToday = Side?.StepUps.Count ?? 0,
            GoodAccounts = Side?.Accounts?.InGoodStanding(now) ?? 0,
            Displayed = Head.Shown,
            LastNovelAt = Head.LastNovel,
        };
    }

    /// <summary>Clears all evidence. Accounts known at an address are remembered: they tell whom a block must not reach.</summary>
    public void Forget(long now, bool isTold)
    {
        Clear();
        Head.LastNovel = 0;
        while (Head.Flight != 0)
            shard.Flights.Return(Unlink(Head.Flight));
        shard.SideOf(ref Head).ForgottenAt = now;
        if (isTold)
            Tell(new Unsent { Type = UnsentType.Forget, At = now }, isUrgent: true);
    }

    /// <summary>Grants the allowance of a completed step-up; false where the day's step-ups are used up.</summary>
    public bool Grant(int allowance, long until, int maxPerDay, long now)
    {
        var side = shard.SideOf(ref Head);
        if (side.StepUps.Count >= maxPerDay)
            return false;
        side.StepUps.Add(now);
        (side.AllowanceLeft, side.AllowanceUntil) = (allowance, until);
        Tell(new Unsent { Type = UnsentType.Grant, At = now, Value = (ulong)until, Views = allowance }, isUrgent: true);
        return true;
    }

    /// <summary>Brings everything up to a time: windows move on, reservations lapse, what was shown a day ago is forgotten.</summary>
    private readonly void Advance(long now)
    {
        ref var head = ref Head;
        if (head.Flight != 0)
            LapseBefore(now - SubjectReservation.Lifetime);
        if (IsInTurn(ref head, now))
        {
            head.LastSeen = Math.Max(head.LastSeen, now);
            return;
        }

        Turn(ref head, now);
        if (now - head.LastSeen >= NoveltyMilliseconds)
            head.Shown = 0;
        else
            Block.Expire(now);
        head.LastSeen = Math.Max(head.LastSeen, now);
        Side?.ForgetStepUpsBefore(now - NoveltyMilliseconds);
    }

    private static bool IsInTurn(ref SubjectHead head, long time) => (ulong)(time - head.TurnedAt) < (ulong)head.TurnsIn;

    /// <summary>Moves the windows on, and notes for how long that will do: a division for each window and view would cost more than all the rest.</summary>
    private readonly void Turn(ref SubjectHead head, long now)
    {
        var slots = Block.Windows;
        var from = long.MinValue;
        var to = now + 60_000;
        for (var index = 0; index < windows.Count; index++)
        {
            var sub = windows[index].SubWindow;
            var number = now / sub;
            slots[index].Advance(number, now - head.LastSeen >= SlidingWindow.Slots * sub);

            // One that stays a sub-window ahead, as the clock stepped back a little, is counted in by its time.
            if (!slots[index].IsNewest(number))
                to = long.MinValue;
            from = Math.Max(from, number * sub);
            to = Math.Min(to, (number + 1) * sub);
        }

        head.TurnedAt = Math.Max(from, now - 60_000);
        head.TurnsIn = to < head.TurnedAt ? 0 : (int)(to - head.TurnedAt);
    }

    private readonly void LapseBefore(long time)
    {
        for (var number = Head.Flight; number != 0;)
        {
            ref var flight = ref shard.Flights[number];
            var next = flight.Next;
            if (flight.At <= time)
                Lapse(flight.Id);
            number = next;
        }
    }

    private readonly void Lapse(ulong id)
    {
        var number = Take(id, isShown: false);
        var gone = shard.Flights[number];
        shard.Flights.Return(number);
        ReturnAllowance(gone.Allowance);
        if (gone.IsAnnounced)
            TellCounts(gone.At, gone.Charge, gone.Kind, -gone.Views, 0);
    }

    /// <summary>What a view that reserved nothing left to be noted.</summary>
    private void Pay(SubjectReservation view)
    {
        if (view.Account != 0)
            See(view.Account, view.AccountIsWarned, view.At);
        if (view.Subject.Type != SubjectType.Address)
            return;

        // It may have been forgotten for want of room since it was let by.
        Block.Address = view.Address;
        AddRaw(WindowCount.RawViews, view.At, view.Views);
    }

    /// <summary>Notes whether the subject is far from every limit, so that its next revisit need not be reserved.</summary>
    public readonly void Calm()
    {
        if (Side is { AllowanceUntil: not 0 })
            return;
        var slots = Block.Windows;
        var most = windows.Calm;
        for (var index = 0; index < most.Length; index++)
        {
            if (slots[index].Total > most[index])
                return;
        }

        Head.Flags |= SubjectFlags.IsCalm;
    }

    private int ReserveOne(ref Flight flight, SubjectReservation view, SubjectCounts counts)
    {
        flight.Record = view.Records[0];
        flight.Novel = NovelBits(flight.Record, view.Charge, view.At);
        for (var bits = flight.Novel; bits != 0; bits &= bits - 1)
            counts.Own[BitOperations.TrailingZeroCount(bits)]++;
        return flight.Novel != 0 ? 1 : 0;
    }

    private int ReserveList(ref Flight flight, SubjectReservation view, SubjectCounts counts)
    {
        var novel = 0;
        flight.List = view.Records;
        flight.ListNovel = new uint[view.Records.Length];
        for (var index = 0; index < view.Records.Length; index++)
        {
            var bits = flight.ListNovel[index] = NovelBits(view.Records[index], view.Charge, view.At);
            novel += bits != 0 ? 1 : 0;
            for (; bits != 0; bits &= bits - 1)
                counts.Own[BitOperations.TrailingZeroCount(bits)]++;
        }

        return novel;
    }

    /// <summary>The Records windows of <paramref name="charge"/> in which the record is neither displayed nor reserved already.</summary>
    private readonly uint NovelBits(ulong record, uint charge, long now)
    {
        var bits = charge & windows.Records;
        if (Block.Find(record, now) is >= 0 and var place)
            bits &= ~Block.WindowsOf(place);
        for (var number = Head.Flight; number != 0 && bits != 0; number = shard.Flights[number].Next)
        {
            ref var other = ref shard.Flights[number];
            if (other.IndexOf(record) is >= 0 and var index)
                bits &= ~other.NovelAt(index);
        }

        return bits;
    }

    /// <summary>Takes a view out of flight; 0 for one that is not. Another in flight for a record that it did not show inherits what it had reserved.</summary>
    private readonly int Take(ulong id, bool isShown)
    {
        var number = Head.Flight;
        while (number != 0 && shard.Flights[number].Id != id)
            number = shard.Flights[number].Next;
        if (number == 0)
            return 0;
        Unlink(number);
        if (isShown)
            return number;
        ref var gone = ref shard.Flights[number];
        if (gone.IsAnnounced)
            Withdraw(gone);
        for (var index = 0; Head.Flight != 0 && index < gone.Records; index++)
            Bequeath(gone.RecordAt(index), gone.NovelAt(index), gone.IsAnnounced);
        return number;
    }

    private readonly int Unlink(int number)
    {
        ref var link = ref Head.Flight;
        while (link != number)
            link = ref shard.Flights[link].Next;
        link = shard.Flights[number].Next;
        return number;
    }

    private readonly void Bequeath(ulong record, uint bits, bool isAnnounced)
    {
        // The list is the newest first, and the oldest inherits.
        for (var skip = 0; bits != 0; skip++)
        {
            var heir = FromOldest(skip);
            if (heir == 0)
                return;
            ref var flight = ref shard.Flights[heir];
            if (flight.IndexOf(record) is not (>= 0 and var index))
                continue;
            var inherited = bits & flight.Charge & ~flight.NovelAt(index);
            flight.SetNovel(index, flight.NovelAt(index) | inherited);
            bits &= ~inherited;

            // The heir claims for itself what was another view's.
            if (inherited != 0 && flight.IsAnnounced)
                TellClaim(ref flight, index);
            else if (inherited != 0 && isAnnounced)
                Announce(ref flight);
        }
    }

    private readonly int FromOldest(int skip)
    {
        var length = 0;
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
            length++;
        var found = Head.Flight;
        for (var step = length - 1 - skip; step > 0; step--)
            found = shard.Flights[found].Next;
        return skip >= length ? 0 : found;
    }

    private void Display(ulong record, uint charge, SubjectReservation view, in Flight gone)
    {
        if (charge == 0)
            return;
        var place = Block.Find(record, view.At);
        var novel = place < 0 ? charge : charge & ~Block.WindowsOf(place);
        Add(novel, view.At, 1);
        var last = place < 0 ? view.At : Block.TimeOf(place, view.At);
        if (place >= 0)
            Block.Renew(place, view.At, charge | SubjectBlock.IsOwn);
        else
            AddRecord(record, view.At, charge | SubjectBlock.IsOwn);
        Excuse(record, charge);
        TakeClaims(record, view.At);
        if (novel == 0)
        {
            if (isShared && view.At - last >= RenewalMilliseconds)
                TellShown(record, view.At, charge, view.Kind);
            return;
        }

        Head.LastNovel = Math.Max(Head.LastNovel, view.At);
        if (isShared && !(gone.IsAnnounced && gone.IndexOf(record) is >= 0 and var index && (novel & ~gone.NovelAt(index)) == 0))
            TellRecord(record, view.At, view.Charge, view.Kind, isUrgent: false);
    }

    /// <summary>What is displayed is counted now; a view still in flight for the same record no longer needs its reservation.</summary>
    private readonly void Excuse(ulong record, uint charge)
    {
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var other = ref shard.Flights[number];
            if (other.IndexOf(record) is >= 0 and var index)
                other.SetNovel(index, other.NovelAt(index) & ~charge);
        }
    }

    private void AddRecord(ulong record, long at, uint windows)
    {
        // A page that ran for a day: its record is novel again already.
        if (at <= Head.LastSeen - NoveltyMilliseconds)
            return;
        if (Head.Shown == Head.Capacity)
            Block.Expire(Math.Max(at, Head.LastSeen));
        if (Head.Shown == Head.Capacity)
            Grow();
        if (Head.Shown < Head.Capacity)
            Block.Add(record, at, windows);
    }

    /// <summary>Room for half as many again, at least for ten: most subjects are shown few records.</summary>
    private void Grow()
    {
        Resize(Head.Capacity < 10 ? 10 : Math.Min(ushort.MaxValue, Head.Capacity + (Head.Capacity / 2)), Block.IsWide);
    }

    /// <summary>Room for more than a byte in each slot.</summary>
    private void Widen() => Resize(Head.Capacity, isWide: true);

    private void Resize(int capacity, bool isWide)
    {
        var before = bytes;
        bytes = shard.Resize(before, windows, capacity, isWide);
        new SubjectBlock(before).Windows.CopyTo(Block.Windows, windows.Count);
        shard.Return(before);
    }

    private void Add(uint bits, long at, int events)
    {
        if (bits == 0 || events == 0)
            return;
        var isNewest = IsInTurn(ref Head, at);
        for (; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            var isAdded = isNewest ? Block.Windows[index].AddNewest(events) : Block.Windows[index].Add(windows[index].IndexAt(at), events);
            if (isAdded)
                continue;
            Widen();
            Block.Windows[index].Add(windows[index].IndexAt(at), events);
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

    private readonly bool UseAllowance(SubjectReservation view, ref Flight flight, SubjectCounts counts)
    {
        if (Side is not { } side || side.AllowanceUntil <= view.At || view.Maxima.Length == 0)
            return false;
        var isPast = false;
        var units = counts.Novel;
        for (var index = 0; index < windows.Count; index++)
        {
            if (view.Maxima[index] == 0 || (view.Charge & (1u << index)) == 0
                || counts.Against(index, view.Maxima[index], windows[index].Count) <= view.Maxima[index])
            {
                continue;
            }

            isPast = true;

            // Revisits are free past a limit of records; past one of views or misses each view takes from the allowance.
            if (windows[index].Count != WindowCount.Records)
                units = Math.Max(1, units);
        }

        if (!isPast || side.AllowanceLeft < units)
            return false;
        flight.Allowance = units;
        flight.IsGranted = true;
        ReturnAllowance(-units);
        return true;
    }

    private readonly void ReturnAllowance(int units)
    {
        if (units == 0 || Side is not { } side)
            return;
        side.AllowanceLeft += units;
        Tell(new Unsent { Type = UnsentType.Allowance, Views = -units }, isUrgent: true);
    }

    private readonly void See(ulong account, bool isWarned, long now)
    {
        // The same account again within a second says nothing new.
        ref var visitor = ref Block.Visitor;
        if (visitor.Account == account && !isWarned && now - visitor.At is >= 0 and < 1000)
            return;
        visitor = isWarned ? default : new Visitor { Account = account, At = now };
        var side = shard.SideOf(ref Head);
        var before = side.Bytes;
        side.Accounts ??= new KnownAccounts();
        if (side.Accounts.See(account, isWarned, now) && isShared)
            Tell(new Unsent { Type = UnsentType.Account, At = now, Value = account }, isUrgent: false);
        if (side.Bytes != before)
            shard.Weigh(side.Bytes - before);
    }

    private readonly void Clear()
    {
        Block.Windows.Clear();
        Turn(ref Head, Head.LastSeen);
        Head.Shown = 0;
        Head.Inherited = 0;
        if (Side is not { } side)
            return;
        side.StepUps.Clear();
        (side.AllowanceLeft, side.AllowanceUntil) = (0, 0);
    }
}
