using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>What the other nodes are to be told of a subject.</summary>
internal ref partial struct SubjectState
{
    /// <summary>Past so many counts that were not sent, those of another moment are put together: what is unsent is bounded by subjects, never by views.</summary>
    private const int MostUnsentCounts = 32;
    private const int MostUnsentEvents = 512;

    private readonly bool IsFull => Head.UnsentEvents >= MostUnsentEvents;

    /// <summary>Tells what became of a view: all of it, or what is other than was announced.</summary>
    private readonly void TellOutcome(in Flight gone, SubjectReservation view, LogCounts outcome) =>
        TellCounts(
            view.At,
            view.Charge,
            view.Kind,
            outcome - (gone.IsAnnounced ? new LogCounts(Views: view.Views, Neighbours: gone.ToldNeighbours) : default),
            gone.MayRest && outcome.Misses == 0);

    /// <summary>Takes back what a view has announced and did not show.</summary>
    private readonly void Withdraw(in Flight gone)
    {
        for (var index = 0; index < gone.Records; index++)
        {
            if (gone.IsClaimedAt(index))
                Tell(UnsentType.Withdraw, gone.At, gone.RecordAt(index), isUrgent: false);
        }
    }

    private readonly void TellClaim(ref Flight flight, int index)
    {
        // It is counted when it is shown.
        if (IsFull)
            return;
        flight.SetClaimed(index, true);
        TellRecord(flight.RecordAt(index), flight.At, ChargeAt(flight.Charge, index, flight.ScoredUntil), flight.Kind, isUrgent: true);
    }

    /// <summary>A record was shown at the very moment of other views of it: their claim is its own now, and stays.</summary>
    private readonly void TakeClaims(ulong record, long at)
    {
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var other = ref shard.Flights[number];
            if (other.At == at && other.IndexOf(record) is >= 0 and var index)
                other.SetClaimed(index, false);
        }
    }

    private readonly void TellRecord(ulong record, long at, uint charge, uint kind, bool isUrgent, bool mayRest = false, int neighbours = 0)
    {
        if (!isShared)
            return;
        if (IsFull)
            UnsentCounts(at, charge & windows.Records, kind).Records++; // Redis was away for long: which records there were more is not kept.
        else
            PushRecord(UnsentType.Record, record, at, charge, kind).Neighbours = neighbours;
        if (mayRest)
            Rest();
        else
            Touch(isUrgent);
    }

    private readonly void TellShown(ulong record, long at, uint charge, uint kind)
    {
        if (IsFull)
            return;
        PushRecord(UnsentType.Shown, record, at, charge, kind);
        TouchLazily();
    }

    private readonly void TellCounts(long at, uint charge, uint kind, LogCounts told, bool mayRest = false)
    {
        if (!isShared || told.IsEmpty)
            return;
        charge = ChargeOfCounts(charge);
        ref var counts = ref UnsentCounts(at, charge, kind);
        counts.Views += told.Views;
        counts.Misses += told.Misses;
        counts.Neighbours += told.Neighbours;

        if ((charge & windows.LimitedBy(told)) == 0)
            TouchLazily();
        else if (mayRest)
            Rest();
        else
            Touch(isUrgent: false);
    }

    private readonly uint ChargeOfCounts(uint charge) => charge & (windows.Views | windows.Misses | windows.Scores);

    private readonly void TellRaw(WindowCount count, long at, int events)
    {
        ref var counts = ref UnsentCounts(at, 0, 0);
        if (count == WindowCount.RawViews)
            counts.RawViews += events;
        else
            counts.RawRecords += events;
        TouchLazily();
    }

    /// <summary>
    /// The counts of this moment that were not sent yet. They become the newest event, as counts add up in any order: the next view finds them at once.
    /// </summary>
    private readonly ref Unsent UnsentCounts(long at, uint charge, uint kind)
    {
        var seen = 0;
        var newest = 0;
        var before = 0;
        for (var number = Head.Unsent; number != 0; number = shard.Unsent[number].Next)
        {
            ref var unsent = ref shard.Unsent[number];
            var newer = before;
            before = number;

            // What was counted before the subject was let go counts no more.
            if (unsent.Type == UnsentType.Forget)
                break;
            if (unsent.Type != UnsentType.Counts || unsent.Charge != charge || unsent.Kind != kind)
                continue;
            if (IsSameMoment(unsent.At, at))
            {
                MoveToFront(ref unsent, number, newer);
                return ref unsent;
            }

            seen++;
            newest = newest == 0 ? number : newest;
        }

        if (seen >= MostUnsentCounts)
        {
            shard.Unsent[newest].At = Math.Max(shard.Unsent[newest].At, at);
            return ref shard.Unsent[newest];
        }

        ref var counts = ref Push(UnsentType.Counts, at);
        (counts.Charge, counts.Kind) = (charge, kind);
        return ref counts;
    }

    /// <summary>Whether two times are one to every window. Most often they are far apart or the same, and a division is dear.</summary>
    private readonly bool IsSameMoment(long one, long other) =>
        one == other || (Math.Abs(one - other) < windows.Finest && one / windows.Finest == other / windows.Finest);

    private readonly void MoveToFront(ref Unsent unsent, int number, int newer)
    {
        if (newer == 0)
            return;
        (shard.Unsent[newer].Next, unsent.Next, Head.Unsent) = (unsent.Next, Head.Unsent, number);
    }

    private readonly void Tell(UnsentType type, long at, ulong value, bool isUrgent, int views = 0)
    {
        if (!isShared)
            return;
        if (IsFull && type == UnsentType.Account)
        {
            // Redis was away for long: all accounts that are known are to be told.
            Head.Flags |= SubjectFlags.OwesAccounts;
        }
        else
        {
            ref var news = ref Push(type, at);
            (news.Value, news.Views) = (value, views);
        }

        Touch(isUrgent);
    }

    private readonly ref Unsent PushRecord(UnsentType type, ulong record, long at, uint charge, uint kind)
    {
        ref var news = ref Push(type, at);
        (news.Value, news.Charge, news.Kind) = (record, charge, kind);
        return ref news;
    }

    /// <summary>Adds an event, to be filled in where it lies: made elsewhere and copied it would wait until all that was written before is in memory.</summary>
    private readonly ref Unsent Push(UnsentType type, long at)
    {
        Head.UnsentEvents++;
        var number = shard.Unsent.Take();
        ref var news = ref shard.Unsent[number];
        news = default;
        (news.Type, news.At, news.Next) = (type, at, Head.Unsent);
        Head.Unsent = number;
        return ref news;
    }
}
