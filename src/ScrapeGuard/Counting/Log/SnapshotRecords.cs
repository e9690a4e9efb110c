namespace ScrapeGuard.Counting.Log;

/// <summary>The records of a log that are still known, each once for each charge, at the earliest time that is not forgotten.</summary>
internal sealed class SnapshotRecords(SnapshotCharges charges, SnapshotSlots slots, long now)
{
    private readonly Dictionary<ulong, Shown[]> records = [];

    public void Add(long time, ulong record, LogCharge charge)
    {
        if (time <= now - SubjectState.NoveltyMilliseconds)
            return;
        var number = charges.NumberOf(charge);
        var before = records.GetValueOrDefault(record, []);
        var known = Array.FindIndex(before, shown => shown.Charge == number);
        if (known >= 0 && time >= before[known].Time)
            return;
        Shown[] after = [.. before.Where(shown => shown.Charge != number), new Shown(time, number)];
        records[record] = after;
        slots.Move(window => EarliestIn(window, before), window => EarliestIn(window, after));
    }

    public void Withdraw(ulong record)
    {
        if (records.Remove(record, out var before))
            slots.Move(window => EarliestIn(window, before), static _ => null);
    }

    public void Clear() => records.Clear();

    /// <summary>Writes the newest, and counts the others.</summary>
    public void Write(LogWriter writer, int most, SnapshotCounts counts)
    {
        var all = records.SelectMany(record => record.Value.Select(shown => (Record: record.Key, shown.Time, shown.Charge))).OrderBy(shown => shown.Time).ToList();
        var unlisted = Math.Max(0, all.Count - most);
        foreach (var (_, time, charge) in all.Take(unlisted))
            counts.AddUnlisted(time, charge);
        foreach (var (record, time, charge) in all.Skip(unlisted))
            writer.Record(time, record, charges[charge]);
    }

    /// <summary>When a window counted the record; null where it did not.</summary>
    private long? EarliestIn(Window window, Shown[] record)
    {
        long? earliest = null;
        foreach (var (time, charge) in record)
        {
            if (window.Count == WindowCount.Records && charges[charge].Charges(window) && !(time >= earliest))
                earliest = time;
        }

        return earliest;
    }

    private readonly record struct Shown(long Time, int Charge);
}
