using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>Scores, and what adds to them besides novel records.</summary>
internal ref partial struct SubjectState
{
    /// <summary>One or two accounts do not take turns, and one is not together with others: what they take is for their own scores to judge.</summary>
    private const int FewestNewcomers = 3;
    private const int FewestAccounts = 2;

    /// <summary>For so many newcomers a record is forgiven once: where three hundred people begin to be served they come one after the other.</summary>
    private const int NewcomersForOne = 4;

    /// <summary>So many novel records of a list add to scores.</summary>
    private const int MostOfList = 5;

    /// <summary>
    /// Puts scores in the place of sums. A score is never above the sum, so that of somebody far from every maximum the sum will do.
    /// </summary>
    private readonly void ReadScores(SubjectCounts counts, uint among, bool isExact)
    {
        for (var bits = among & windows.Scores; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            if (counts.Settled[index] > 0 && (isExact || counts.Settled[index] >= windows.Level(index)))
                counts.Settled[index] = ScoreOf(index);
        }
    }

    private readonly int ScoreOf(int index)
    {
        var window = windows[index];
        var score = Block.Windows[index].Score(window.SubWindow, Head.LastSeen, Pace.Of(window)!.LeakAt(AccountsFor(window)));
        if (window.Charge != WindowCharge.Newcomers)
            return score;
        var newcomers = Accounts.Newcomers(Head.LastSeen);
        return newcomers < FewestNewcomers ? 0 : Math.Max(0, score - (newcomers / NewcomersForOne));
    }

    /// <summary>How many accounts make a score forgive more: those who may add to it, or among whom those are.</summary>
    private readonly int AccountsFor(in Window window) =>
        window.Charge == WindowCharge.Newcomers ? Accounts.Newcomers(Head.LastSeen) * 2 / 3 : Accounts.InGoodStanding(Head.LastSeen);

    /// <summary>Notes whether newcomers have taken so much that each view is to be looked at before it is let by.</summary>
    private readonly void Beware()
    {
        var index = BitOperations.TrailingZeroCount(windows.Newcomers);
        var half = windows.Level(index);
        if (half is > 0 and < int.MaxValue && Block.Windows[index].Total >= half && ScoreOf(index) >= half)
            Head.Flags |= SubjectFlags.IsWary;
        else
            Head.Flags &= ~SubjectFlags.IsWary;
    }

    /// <summary>
    /// What a view by an account is charged to. Where no other account at the address is warned, what this one takes is its own affair: its limits ask for a step-up
    /// where those of an address block, and whoever shares the account would be blocked with it. A score of the address sees sooner than limits who takes turns, and
    /// leaves out only who is alone there.
    /// </summary>
    private readonly uint ChargeOf(SubjectReservation view)
    {
        if ((view.Charge & ~windows.ChargingAll) == 0)
            return view.Charge;
        var accounts = Accounts;
        var own = accounts.Find(view.Account) is { } known && known.Last > view.At - NoveltyMilliseconds ? known : (KnownAccount?)null;
        var recent = accounts.Recent(view.At);
        if (recent + (own is null ? 1 : 0) < FewestAccounts)
            return view.Charge & windows.ChargingAll;
        var warned = recent - accounts.InGoodStanding(view.At) - (own is { IsWarned: true } ? 1 : 0);
        return warned > 0 ? view.Charge : view.Charge & (windows.ChargingAll | windows.Scores);
    }

    /// <summary>
    /// Whether an account was first seen at the address less than a day ago. Where more are seen than are remembered nobody is: one that was forgotten seems new.
    /// </summary>
    public readonly bool IsNewcomer(ulong account, long now) =>
        windows.Newcomers != 0 && IsWatched(shard, now) && !Accounts.IsFull
        && (Accounts.Find(account) is not { } known || known.First > now - NoveltyMilliseconds);

    private static bool IsWatched(SubjectShard shard, long now) => now - shard.WatchedSince >= NoveltyMilliseconds;

    /// <summary>The windows in which the first view of a subject counts when it is displayed, so that a new one has a place for all of them.</summary>
    public static uint FirstOf(SubjectShard shard, SubjectReservation view)
    {
        var windows = view.Windows;

        // No other account is known there.
        var charge = view.Account == 0 ? view.Charge : (view.Charge & windows.ChargingAll) | (IsWatched(shard, view.At) ? windows.Newcomers : 0);
        return (charge & (view.Records.Length == 0 ? windows.Views : windows.Views | windows.Records)) | windows.Raw;
    }

    /// <summary>Notes that a score asks for a step-up.</summary>
    public readonly void Ask() => Head.Flags = (Head.Flags | SubjectFlags.IsAsked) & ~SubjectFlags.IsCalm;

    /// <summary>Notes of an account that was seen at the address that it is in good standing no more.</summary>
    public readonly void Warn(ulong account, long now)
    {
        if (Accounts.Find(account) is { IsWarned: false })
            See(account, isWarned: true, now);
    }

    /// <summary>Whether a step-up that was asked for is still to be completed: else whoever goes on regardless is let through one by one as scores fall.</summary>
    private readonly bool IsStillAsked(SubjectReservation view, SubjectCounts counts)
    {
        if ((Head.Flags & SubjectFlags.IsAsked) == 0)
            return false;
        for (var index = 0; index < view.Strictest.Length; index++)
        {
            if (windows[index].IsScore && view.Strictest[index] > 0 && counts.Settled[index] * 2 > view.Strictest[index])
                return true;
        }

        Head.Flags &= ~SubjectFlags.IsAsked;
        return false;
    }

    /// <summary>
    /// The windows that a record at a place of a list is charged to. A list is opened at one stroke, and that is not reading fast: its first novel records add to
    /// scores, and the others when they are opened. All of them count in windows of records.
    /// </summary>
    private readonly uint ChargeAt(uint charge, int place, int scoredUntil) => place < scoredUntil ? charge : charge & ~windows.Pace;

    /// <summary>The scores to which a view in flight adds as its record lies beside another.</summary>
    private readonly uint BesideBits(in Flight flight) =>
        (flight.Neighbour & flight.Novel) is not 0 and var bits ? bits | (flight.Charge & windows.Neighbours) : 0;

    /// <summary>The scores to which a record adds once more, as its number lies beside one that they have counted shortly before.</summary>
    private readonly uint NeighbourBits(SubjectReservation view, uint novel)
    {
        var bits = 0u;
        foreach (var neighbour in view.Neighbours)
        {
            if (neighbour == 0)
                continue;
            if (Block.Find(neighbour, view.At) is >= 0 and var place && view.At - Block.TimeOf(place, view.At) < Pace.Beside)
                bits |= Block.WindowsOf(place);
            for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
            {
                ref var other = ref shard.Flights[number];
                if (other.IndexOf(neighbour) is >= 0 and var index)
                    bits |= ChargeAt(other.Charge, index, other.ScoredUntil);
            }
        }

        return bits & novel & windows.Pace;
    }
}
