using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>Which views in flight the other nodes are told of, and what they were told.</summary>
internal ref partial struct SubjectState
{
    /// <summary>A subject new to this node may be well known elsewhere.</summary>
    private readonly bool IsNewHere(SubjectCounts counts) => !counts.IsShared && (Head.Flags & SubjectFlags.IsExchanged) == 0;

    private readonly bool IsPastHalf(SubjectReservation view, SubjectCounts counts)
    {
        var maxima = view.Strictest;
        for (var index = 0; index < maxima.Length; index++)
        {
            if (maxima[index] == 0 || (view.Charge & (1u << index)) == 0)
                continue;

            // After a list another is to be expected: here or on any other node.
            var own = counts.Own[index] > 1 ? 2 * counts.Own[index] : counts.Own[index];
            if (2 * (counts.Settled[index] + counts.Others[index] + own) < maxima[index])
                continue;
            Head.Flags |= SubjectFlags.IsWatched;
            return true;
        }

        return false;
    }

    /// <summary>Tells the other nodes of a view before its outcome is known, as if it were displayed.</summary>
    private readonly void Announce(ref Flight flight)
    {
        flight.IsAnnounced = true;
        flight.ToldNeighbours = flight.Neighbour != 0 ? 1 : 0;
        TellCounts(flight.At, flight.Charge, flight.Kind, new LogCounts(Views: flight.Views, Neighbours: flight.ToldNeighbours));
        for (var index = 0; index < flight.Records; index++)
        {
            if (flight.NovelAt(index) != 0)
                TellClaim(ref flight, index);
        }

        Touch(isUrgent: true);
    }

    /// <summary>Whether some view in flight is to be announced with what is sent next.</summary>
    public readonly bool HasUntoldFlight
    {
        get
        {
            for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
            {
                if (IsUntold(shard.Flights[number]))
                    return true;
            }

            return false;
        }
    }

    /// <summary>
    /// Tells, with what is sent now, of all views in flight: of a page that takes longer than a flush the other nodes would else know nothing, and let as
    /// many records through as it shows. A page that is done by then was told no earlier and costs no more.
    /// </summary>
    /// <param name="withNotes">Whether what is noted is told as well.</param>
    public void Gather(bool withNotes)
    {
        const SubjectFlags Listed = SubjectFlags.IsUrgent | SubjectFlags.IsTouched;
        var before = Head.Flags & Listed;

        // It is sent right now, and needs not be listed for the next flush.
        Head.Flags |= Listed;
        if (withNotes)
            CountPending();
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var flight = ref shard.Flights[number];
            if (IsUntold(flight))
                Announce(ref flight);
        }

        Head.Flags = (Head.Flags & ~Listed) | before;
    }

    private readonly bool IsUntold(in Flight flight) => !flight.IsAnnounced && ((flight.Charge & windows.LimitedViews) != 0 || flight.IsNovel);

    /// <summary>
    /// Adds what views in flight have announced: a lost log counted that like all else, and every node that knew it has to tell the same of it.
    /// </summary>
    private readonly void IncludeAnnounced(LogFold fold, uint own, uint newsSequence, bool isTold)
    {
        for (var number = Head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var flight = ref shard.Flights[number];
            if (!flight.IsAnnounced || (flight.ToldIn != 0 && flight.ToldIn != newsSequence) != isTold)
                continue;
            fold.Count(flight.At, flight.Charge & (windows.Views | windows.Scores), new LogCounts(Views: flight.Views, Neighbours: flight.ToldNeighbours));
            for (var index = 0; index < flight.Records; index++)
            {
                if (flight.IsClaimedAt(index))
                    fold.IncludeRecord(flight.RecordAt(index), flight.At, ChargeAt(flight.Charge, index, flight.ScoredUntil), own);
            }
        }
    }

    /// <summary>What a view in flight has announced is reserved, and counts when it is settled.</summary>
    private readonly void Except(LogFold fold, in Flight flight, uint own)
    {
        if (!flight.IsAnnounced)
            return;
        fold.Count(flight.At, flight.Charge & (windows.Views | windows.Scores), new LogCounts(Views: -flight.Views, Neighbours: -flight.ToldNeighbours));
        for (var index = 0; index < flight.Records; index++)
            fold.Records.Withdraw(flight.RecordAt(index), own, flight.At);
    }
}
