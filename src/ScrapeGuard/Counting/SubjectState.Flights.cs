using System.Numerics;
using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>Views in flight: what they reserve, and who inherits it.</summary>
internal ref partial struct SubjectState
{
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
            TellCounts(gone.At, gone.Charge, gone.Kind, new LogCounts(Views: -gone.Views, Neighbours: -gone.ToldNeighbours));
    }

    private int ReserveOne(ref Flight flight, SubjectReservation view, SubjectCounts counts)
    {
        flight.Record = view.Records[0];
        flight.Novel = NovelBits(flight.Record, view.Charge, view.At);
        for (var bits = flight.Novel; bits != 0; bits &= bits - 1)
            counts.Own[BitOperations.TrailingZeroCount(bits)]++;
        counts.IsRevisit = flight.Novel == 0;
        var novel = (flight.Novel & ~windows.Pace) != 0 ? 1 : 0;
        if ((flight.Novel & windows.Pace) == 0 || view.Neighbours.Length == 0)
            return novel;
        flight.Neighbour = NeighbourBits(view, flight.Novel);
        for (var bits = BesideBits(flight); bits != 0; bits &= bits - 1)
            counts.Own[BitOperations.TrailingZeroCount(bits)]++;
        return novel;
    }

    private int ReserveList(ref Flight flight, SubjectReservation view, SubjectCounts counts)
    {
        var novel = 0;
        var scored = 0;
        flight.List = view.Records;
        flight.ScoredUntil = view.Records.Length;
        flight.ListNovel = new uint[view.Records.Length];
        for (var index = 0; index < view.Records.Length; index++)
        {
            var charge = IsKnown(view.Records[index], view.At) ? view.Charge & ~windows.Pace : ChargeAt(view.Charge, index, flight.ScoredUntil);
            var bits = flight.ListNovel[index] = NovelBits(view.Records[index], charge, view.At);
            scored += (bits & windows.Pace) != 0 ? 1 : 0;
            if (scored == MostOfList)
                flight.ScoredUntil = Math.Min(flight.ScoredUntil, index + 1);
            novel += (bits & ~windows.Pace) != 0 ? 1 : 0;
            counts.IsRevisit &= bits == 0;
            for (; bits != 0; bits &= bits - 1)
                counts.Own[BitOperations.TrailingZeroCount(bits)]++;
        }

        return novel;
    }

    /// <summary>Whether a record was shown, or is about to be: to list it again adds to no score, however little it added the first time.</summary>
    private readonly bool IsKnown(ulong record, long now)
    {
        var isKnown = Block.Find(record, now) >= 0;
        for (var number = Head.Flight; number != 0 && !isKnown; number = shard.Flights[number].Next)
            isKnown = shard.Flights[number].IndexOf(record) >= 0;
        return isKnown;
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
            var inherited = bits & ChargeAt(flight.Charge, index, flight.ScoredUntil) & ~flight.NovelAt(index);
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
}
