namespace ScrapeGuard.Counting.Log;

/// <summary>
/// One entry that says the same as a log. What it counts never leaves a window earlier than the log would have it, and stays less than a twelfth of
/// the window longer, however often a snapshot is made of a snapshot.
/// </summary>
internal sealed class LogSnapshot
{
    private readonly long now;
    private readonly long forgottenAt;

    /// <summary>The same, as far as that is in the snapshot: the rest says what is in the rest, and where.</summary>
    private long toldAt;
    private readonly SnapshotCharges charges = new();
    private readonly SnapshotAccounts accounts = new();
    private readonly SnapshotApplied applied = new();
    private readonly SnapshotGrants grants = new();
    private readonly SnapshotCounts counts;
    private readonly SnapshotRecords records;
    private readonly LostSlots lost = new();

    private LogSnapshot(long now, long forgottenAt)
    {
        this.now = now;
        this.forgottenAt = forgottenAt;
        counts = new SnapshotCounts(charges);
        records = new SnapshotRecords(charges, now);
    }

    /// <summary>
    /// What takes the place of <paramref name="log"/>, as far as that is understood: a snapshot of what no node takes back any more, and the rest as it is.
    /// </summary>
    /// <param name="log">The entries so far.</param>
    /// <param name="now">The time in milliseconds since 1970.</param>
    /// <param name="incarnation">Who makes the snapshot.</param>
    /// <param name="sequence">A number that none of its entries has had.</param>
    /// <param name="mostRecords">How many records are remembered; the oldest beyond are only counted.</param>
    /// <param name="memoryMilliseconds">The length of the longest window.</param>
    public static byte[] Compact(ReadOnlySpan<byte> log, long now, uint incarnation, uint sequence, int mostRecords, long memoryMilliseconds)
    {
        var final = LengthUntil(now - SubjectReservation.Lifetime, log, out var isDamaged);
        var rest = isDamaged ? default : log[final..];
        var snapshot = new LogSnapshot(now, LogReader.ForgottenAt(log));
        var reader = new LogReader(isDamaged ? log : log[..final]);
        while (reader.NextEntry())
        {
            var owner = reader.Incarnation;
            snapshot.lost.Begin();
            while (reader.NextEvent(out var next))
            {
                owner = next.Type == LogEventType.Applied ? Claim.Snapshot : owner;
                snapshot.Add(next, owner);
            }

            snapshot.applied.Add(reader.Incarnation, reader.Sequence, reader.Sequence);
        }

        var writer = new LogWriter();
        snapshot.applied.Write(writer, incarnation);
        snapshot.Write(writer, mostRecords, memoryMilliseconds);

        // Who makes a snapshot may have an entry of a lower sequence still under way, which is not contained: snapshots are signed as another writer's.
        return [.. writer.End(~incarnation, sequence).Span, .. rest];
    }

    /// <summary>How many bytes there are before the first entry that tells of a view that may be under way still.</summary>
    private static int LengthUntil(long time, ReadOnlySpan<byte> log, out bool isDamaged)
    {
        var length = 0;
        var isFinal = true;
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
                isFinal &= next.Type is not LogEventType.Record || next.Time < time;
            length = isFinal ? log.Length - reader.Left : length;
        }

        isDamaged = reader.IsMalformed;
        return length;
    }

    private void Add(in LogEvent next, uint owner)
    {
        switch (next.Type)
        {
            case LogEventType.Record or LogEventType.Shown or LogEventType.Restored when IsCurrent(next.Time):
                records.Add(next.Fingerprint, owner, next.Time, next.Charge, next.Type);
                if (next.Type == LogEventType.Restored)
                    lost.Add(next.Fingerprint, next.Time, next.Charge);
                break;
            case LogEventType.Withdraw:
                records.Withdraw(next.Fingerprint, owner, next.Time);
                break;
            case LogEventType.Counts when IsCurrent(next.Time):
                counts.Add(next.Time, next.Charge, next.Counts);
                break;
            case LogEventType.Account when next.LastSeen > now - KnownAccounts.Memory:
                accounts.Add(next.Fingerprint, next.FirstSeen, next.LastSeen, next.IsWarned);
                break;
            case LogEventType.Grant when IsCurrent(next.Time):
                grants.Add(next.Time, next.Allowance, next.Until);
                break;
            case LogEventType.AllowanceUsed:
                grants.Use(next.Units);
                break;
            case LogEventType.Slots:
                lost.Raise(next.Window, next.Slots);
                break;
            case LogEventType.Applied:
                applied.Add(next.Incarnation, next.FirstSequence, next.Sequence);
                break;
            case LogEventType.Forget:
                lost.Forget(next.Time);
                toldAt = Math.Max(toldAt, next.Time);
                break;
        }
    }

    private bool IsCurrent(long time) => time >= forgottenAt;

    private void Write(LogWriter writer, int mostRecords, long memoryMilliseconds)
    {
        // Who has not heard of it yet may still tell what happened before.
        if (toldAt > now - Claim.Memory)
            writer.Forget(toldAt);
        accounts.Write(writer, now);
        grants.Write(writer, now);
        records.Write(writer, mostRecords, counts);
        counts.Write(writer, now, memoryMilliseconds);
        lost.Write(writer, now);
    }
}
