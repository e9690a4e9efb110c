namespace ScrapeGuard.Counting.Log;

/// <summary>
/// One entry that says the same as a whole log. What it counts never leaves a window earlier than the log would have it, and stays less than a twelfth of
/// the window longer, however often a snapshot is made of a snapshot.
/// </summary>
internal sealed class LogSnapshot
{
    private readonly long now;
    private readonly SnapshotCharges charges = new();
    private readonly SnapshotAccounts accounts = new();
    private readonly SnapshotApplied applied = new();
    private readonly SnapshotGrants grants = new();
    private readonly SnapshotCounts counts;
    private readonly SnapshotRecords records;
    private readonly SnapshotSlots slots = new();

    private LogSnapshot(long now)
    {
        this.now = now;
        counts = new SnapshotCounts(charges, slots);
        records = new SnapshotRecords(charges, slots, now);
    }

    /// <summary>The entry that takes the place of <paramref name="log"/>, as far as that is understood.</summary>
    /// <param name="log">The entries so far.</param>
    /// <param name="now">The time in milliseconds since 1970.</param>
    /// <param name="incarnation">Who makes the snapshot.</param>
    /// <param name="sequence">A number that none of its entries has had.</param>
    /// <param name="mostRecords">How many records are remembered; the oldest beyond are only counted.</param>
    /// <param name="memoryMilliseconds">The length of the longest window.</param>
    public static byte[] Compact(ReadOnlySpan<byte> log, long now, uint incarnation, uint sequence, int mostRecords, long memoryMilliseconds)
    {
        var snapshot = new LogSnapshot(now);
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
                snapshot.Add(next);
            snapshot.applied.Add(reader.Incarnation, reader.Sequence);
        }

        var writer = new LogWriter();
        snapshot.applied.Write(writer, incarnation);
        snapshot.Write(writer, mostRecords, memoryMilliseconds);

        // Who makes a snapshot may have an entry of a lower sequence still under way, which is not contained: snapshots are signed as another writer's.
        return writer.End(~incarnation, sequence).ToArray();
    }

    private void Add(in LogEvent next)
    {
        switch (next.Type)
        {
            case LogEventType.Record:
                records.Add(next.Time, next.Fingerprint, next.Charge);
                break;
            case LogEventType.Withdraw:
                records.Withdraw(next.Fingerprint);
                break;
            case LogEventType.Counts:
                counts.Add(next.Time, next.Charge, next.Counts);
                break;
            case LogEventType.Account:
                accounts.Add(next.Fingerprint, next.FirstSeen, next.LastSeen, next.IsWarned);
                break;
            case LogEventType.Grant:
                grants.Add(next.Time, next.Allowance, next.Until);
                break;
            case LogEventType.AllowanceUsed:
                grants.Use(next.Units);
                break;
            case LogEventType.Slots:
                slots.Merge(next.Window, next.Slots);
                break;
            case LogEventType.Applied:
                applied.Add(next.Incarnation, next.Sequence);
                break;
            case LogEventType.Forget:
                Forget();
                break;
        }
    }

    private void Forget()
    {
        records.Clear();
        counts.Clear();
        grants.Clear();
        slots.Clear();
    }

    /// <summary>Slots come after what was counted: folding takes the maximum of both, where it would add what came later.</summary>
    private void Write(LogWriter writer, int mostRecords, long memoryMilliseconds)
    {
        accounts.Write(writer, now);
        grants.Write(writer, now);
        records.Write(writer, mostRecords, counts);
        counts.Write(writer, now, memoryMilliseconds);
        slots.Write(writer, now);
    }
}
