using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>What is sent of a subject.</summary>
internal ref partial struct SubjectState
{
    private const long Hour = 3_600_000;

    /// <summary>How long the log is to be kept: until nothing in it counts any more.</summary>
    public readonly long TimeToLive => (Accounts.Count == 0 ? windows.Longest : Math.Max(windows.Longest, KnownAccounts.Memory)) + Hour;

    /// <summary>Writes what was not sent yet, the oldest first, and keeps none of it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="sequence">The sequence of the entry.</param>
    public readonly void WriteUnsent(LogWriter writer, uint sequence)
    {
        ref var head = ref Head;
        if ((head.Flags & SubjectFlags.OwesAccounts) != 0)
            WriteAccounts(writer);
        for (var number = head.Flight; number != 0; number = shard.Flights[number].Next)
        {
            ref var flight = ref shard.Flights[number];
            if (flight.IsAnnounced && flight.ToldIn == 0)
                flight.ToldIn = sequence;
        }

        foreach (var number in UnsentOldestFirst())
            Write(writer, shard.Unsent[number]);
        DropUnsent();
    }

    public readonly void DropUnsent()
    {
        ref var head = ref Head;
        while (head.Unsent != 0)
        {
            var number = head.Unsent;
            head.Unsent = shard.Unsent[number].Next;
            shard.Unsent.Return(number);
        }

        head.UnsentEvents = 0;
    }

    private readonly void WriteAccounts(LogWriter writer)
    {
        Head.Flags &= ~SubjectFlags.OwesAccounts;
        foreach (var (account, known) in Accounts.All())
            writer.Account(account, known.First, known.Last, known.IsWarned);
    }

    /// <summary>The places of what was not sent yet: the list is the newest first.</summary>
    private readonly int[] UnsentOldestFirst()
    {
        if (Head.Unsent == 0)
            return [];
        CountNeighbours();
        var numbers = new int[Head.UnsentEvents];
        var place = numbers.Length;
        for (var number = Head.Unsent; number != 0; number = shard.Unsent[number].Next)
            numbers[--place] = number;
        return numbers;
    }

    /// <summary>
    /// Puts together how many records lie beside one shown before. What was told before the subject was let go counts nowhere, and is left where it is.
    /// </summary>
    private readonly void CountNeighbours()
    {
        for (var number = Head.Unsent; number != 0 && shard.Unsent[number].Type != UnsentType.Forget; number = shard.Unsent[number].Next)
        {
            var (type, neighbours, at) = (shard.Unsent[number].Type, shard.Unsent[number].Neighbours, shard.Unsent[number].At);
            if (type != UnsentType.Record || neighbours == 0)
                continue;
            shard.Unsent[number].Neighbours = 0;
            UnsentCounts(at, ChargeOfCounts(shard.Unsent[number].Charge), shard.Unsent[number].Kind).Neighbours += neighbours;
        }
    }

    private readonly void Write(LogWriter writer, in Unsent unsent)
    {
        switch (unsent.Type)
        {
            case UnsentType.Record:
                writer.Record(unsent.At, unsent.Value, LogCharge.Of(windows, unsent.Charge, unsent.Kind, windows.Records));
                break;
            case UnsentType.Shown:
                writer.Shown(unsent.At, unsent.Value, LogCharge.Of(windows, unsent.Charge, unsent.Kind, windows.Records));
                break;
            case UnsentType.Withdraw:
                writer.Withdraw(unsent.At, unsent.Value);
                break;
            case UnsentType.Counts:
                var counts = unsent.Counts;
                var among = unsent.Records != 0 ? windows.Records : windows.Views | windows.Misses | windows.Scores;
                if (!counts.IsEmpty)
                    writer.Counts(unsent.At, LogCharge.Of(windows, unsent.Charge, unsent.Kind, among), counts);
                break;
            case UnsentType.Account when Accounts.Find(unsent.Value) is { } known:
                writer.Account(unsent.Value, known.First, known.Last, known.IsWarned);
                break;
            case UnsentType.Grant:
                writer.Grant(unsent.At, unsent.Views, (long)unsent.Value);
                break;
            case UnsentType.Allowance:
                writer.AllowanceUsed(unsent.Views);
                break;
            case UnsentType.Forget:
                writer.Forget(unsent.At);
                break;
        }
    }
}
