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

    /// <summary>The windows that have been added to since the subject was found calm; all of them where it was not.</summary>
    private uint added;

    public SubjectState(SubjectShard shard, byte[] bytes, WindowSet windows, bool isShared, long now)
    {
        this.shard = shard;
        this.bytes = bytes;
        this.windows = windows;
        this.isShared = isShared;
        if (Block.Head.Layout != windows.Id)
            throw new InvalidOperationException("The block is laid out for other windows.");
        added = (Head.Flags & SubjectFlags.IsCalm) != 0 ? 0 : uint.MaxValue;
        Head.Flags &= ~SubjectFlags.IsCalm;
        if (Head.Pending != 0 && !Head.IsInTurn(now))
            CountPending();
        Advance(now);
    }

    public readonly SubjectBlock Block => new(bytes);

    private readonly ref SubjectHead Head => ref Block.Head;

    private readonly SubjectSide? Side => Head.Side == 0 ? null : shard.Sides.Read(Head.Side);

    private readonly AddressAccounts Accounts => new(shard, Block);

    /// <summary>Reserves a view and tells what the windows hold with it.</summary>
    public void Reserve(SubjectReservation view, SubjectCounts counts)
    {
        var asked = view.Charge;
        if (view.Account != 0)
            view.Charge = ChargeOf(view) | (IsNewcomer(view.Account, view.At) ? windows.Newcomers : 0);
        view.IsAwaited &= Head.Type != SubjectType.Address || (asked | view.Charge) != 0 || view.AccountIsWarned;
        if ((view.Charge & windows.Swept) != 0 && view.Records is [var record] && Block.Find(record, view.At) >= 0)
            view.Charge &= ~windows.Swept; // A revisit has no part in a sweep that came after it.
        if (Head.Inherited > 0 && (Head.Flags & SubjectFlags.HasInherited) == 0)
            Inherit(view.At);
        Count(view.Id, counts, windows.Limited & (Head.Type == SubjectType.Address ? view.Charge : ~0u), view.At);
        var number = shard.Flights.Take();
        ref var flight = ref shard.Flights[number];
        flight = default;
        (flight.Id, flight.At, flight.Charge, flight.Kind, flight.Views) = (view.Id, view.At, view.Charge, view.Kind, view.Views);
        (flight.ScoredUntil, flight.Next) = (MostOfList, Head.Flight);
        counts.IsRevisit = view.Records.Length > 0;
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
            AddRawViews(view.At, view.Views);
        counts.GoodAccounts = Accounts.InGoodStanding(view.At);
        counts.IsGranted = UseAllowance(view, ref flight, counts);
        counts.IsAsked = IsStillAsked(view, counts);
        counts.IsShared = Head.Mark != 0;
        if (!isShared)
            return;
        var isLimited = flight.IsNovel || (view.Charge & windows.LimitedViews) != 0;
        if ((view.IsAwaited ? isLimited : IsPastHalf(view, counts)) || IsNewHere(counts))
            Announce(ref flight);
        else if (isLimited && (flight.MayRest = MayRest(view, counts)))
            Rest();
        else if (isLimited)
            Touch(isUrgent: false);
    }

    /// <summary>
    /// What the windows hold, but for what view <paramref name="id"/> and those after it reserved. Windows that no limit is held against may lack what is noted.
    /// </summary>
    /// <param name="id">The view; 0 for none.</param>
    /// <param name="counts">To be filled in.</param>
    /// <param name="among">The windows that are asked for, a bit each; what is held of the others is left open.</param>
    /// <param name="now">The time, in milliseconds.</param>
    /// <param name="isExact">Whether scores are wanted that are far from every maximum.</param>
    public readonly void Count(ulong id, SubjectCounts counts, uint among, long now, bool isExact = false)
    {
        var slots = Block.Windows;
        Array.Clear(counts.Others);
        Array.Clear(counts.Own);
        for (var bits = among & windows.All; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            counts.Settled[index] = slots[index].Total;
        }

        ReadScores(counts, among, isExact);
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

            for (var bits = BesideBits(flight); bits != 0; bits &= bits - 1)
                into[BitOperations.TrailingZeroCount(bits)]++;
        }

        counts.IsShared = Head.Mark != 0;
        counts.GoodAccounts = Accounts.InGoodStanding(now);
    }

    /// <summary>All that is known, the reservation of view <paramref name="id"/> included.</summary>
    public SubjectReading Read(long now, ulong id = 0, SubjectCounts? own = null)
    {
        CountPending();
        Block.Expire(now);
        var counts = new SubjectCounts();
        Count(id, counts, ~0u, now, isExact: true);
        var readings = new WindowReading[windows.Count];
        for (var index = 0; index < readings.Length; index++)
            readings[index] = new WindowReading(
                Block.Windows[index].ToWindow(windows[index].IndexAt(now)), counts.Others[index] + counts.Own[index], counts.Settled[index]);
        return new SubjectReading
        {
            Windows = windows,
            At = now,
            Counts = readings,
            Novel = own?.Novel ?? 0,
            IsRevisit = own?.IsRevisit ?? false,
            IsAsked = own?.IsAsked ?? false,
            IsGranted = own?.IsGranted ?? false,
            AllowanceLeft = Side is { } side && side.AllowanceUntil > now ? side.AllowanceLeft : 0,
            AllowanceUntil = Side?.AllowanceUntil ?? 0,
            StepUpsToday = Side?.StepUpsSince(Head.LastSeen - NoveltyMilliseconds) ?? 0,
            GoodAccounts = Accounts.InGoodStanding(now),
            KnownAccounts = Accounts.Known(now),
            Displayed = Head.Shown,
            LastNovelAt = Head.LastNovel,
        };
    }

    /// <summary>Clears all evidence. Accounts known at an address are remembered: they tell whom a block must not reach.</summary>
    public void Forget(long now, bool isTold)
    {
        CountPending();
        Clear();
        Head.Flags &= ~SubjectFlags.IsAsked;
        Head.LastNovel = 0;
        while (Head.Flight != 0)
            shard.Flights.Return(Unlink(Head.Flight));
        shard.SideOf(ref Head).ForgottenAt = now;
        if (isTold)
            Tell(UnsentType.Forget, now, value: 0, isUrgent: true);
    }
}
