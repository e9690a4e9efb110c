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
                Tell(new Unsent { Type = UnsentType.Withdraw, At = gone.At, Value = gone.RecordAt(index) }, isUrgent: false);
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

    private readonly void TellRecord(ulong record, long at, uint charge, uint kind, bool isUrgent, bool mayRest = false) =>
        Tell(new Unsent { Type = UnsentType.Record, At = at, Value = record, Charge = charge, Kind = kind }, isUrgent, mayRest);

    /// <summary>Tells of a record whose number lies beside one shown before: it counts as both.</summary>
    private readonly void TellNeighbour(ulong record, SubjectReservation view, bool mayRest) =>
        Tell(new Unsent { Type = UnsentType.Record, At = view.At, Value = record, Charge = view.Charge, Kind = view.Kind, Neighbours = 1 }, isUrgent: false, mayRest);

    private readonly void TellShown(ulong record, long at, uint charge, uint kind)
    {
        if (IsFull)
            return;
        Push(new Unsent { Type = UnsentType.Shown, At = at, Value = record, Charge = charge, Kind = kind });
        TouchLazily();
    }

    private readonly void TellCounts(long at, uint charge, uint kind, LogCounts told, bool mayRest = false)
    {
        if (!isShared || told.IsEmpty)
            return;
        charge &= windows.Views | windows.Misses | windows.Scores;
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

        return ref shard.Unsent[Push(new Unsent { Type = UnsentType.Counts, At = at, Charge = charge, Kind = kind })];
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

    private readonly void Tell(Unsent news, bool isUrgent, bool mayRest = false)
    {
        if (!isShared)
            return;
        if (IsFull && news.Type is UnsentType.Record or UnsentType.Account)
            TellBriefly(news);
        else
            Push(news);
        if (mayRest)
            Rest();
        else
            Touch(isUrgent);
    }

    /// <summary>Redis was away for long: which records there were more is not kept, only how many; and of accounts that all known are to be told.</summary>
    private readonly void TellBriefly(in Unsent news)
    {
        if (news.Type == UnsentType.Record)
            UnsentCounts(news.At, news.Charge & windows.Records, news.Kind).Records++;
        else
            Head.Flags |= SubjectFlags.OwesAccounts;
    }

    private readonly int Push(Unsent news)
    {
        Head.UnsentEvents++;
        var number = shard.Unsent.Take();
        news.Next = Head.Unsent;
        shard.Unsent[number] = news;
        Head.Unsent = number;
        return number;
    }
}
