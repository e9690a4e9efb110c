namespace ScrapeGuard.Counting.Log;

/// <summary>The records of a log that are still known, with as few claims as say when each was novel and when it was last shown.</summary>
internal sealed class SnapshotRecords(SnapshotCharges charges, long now)
{
    private readonly Dictionary<ulong, List<Claim>> records = [];

    public void Add(ulong record, uint owner, long time, LogCharge charge, LogEventType type)
    {
        if (time <= now - Claim.Memory)
            return;
        if (!records.TryGetValue(record, out var claims))
            records[record] = claims = [];
        var claim = new Claim(owner, time, (uint)charges.NumberOf(charge), type);
        if (!claims.Contains(claim))
            claims.Add(claim);
    }

    public void Withdraw(ulong record, uint owner, long time)
    {
        if (!records.TryGetValue(record, out var claims))
            return;
        Claim.Withdraw(claims, owner, time);
        if (claims.Count == 0)
            records.Remove(record);
    }

    /// <summary>Writes those shown last, and counts the others.</summary>
    public void Write(LogWriter writer, int most, SnapshotCounts counts)
    {
        var all = records.Where(record => record.Value.Exists(claim => claim.Time > now - Claim.Memory))
            .OrderBy(record => record.Value.Max(claim => claim.Time))
            .ToList();
        var unlisted = Math.Max(0, all.Count - most);
        foreach (var (_, claims) in all.Take(unlisted))
        {
            foreach (var charge in claims.Select(claim => claim.Charge).Distinct())
            {
                foreach (var time in Claim.Novel(claims, claim => claim.Charge == charge))
                    counts.AddUnlisted(time, (int)charge);
            }
        }

        foreach (var (record, claims) in all.Skip(unlisted))
        {
            foreach (var (_, time, charge, type) in Reduce(claims))
                Write(writer, record, time, charges[(int)charge], type);
        }
    }

    private static void Write(LogWriter writer, ulong record, long time, LogCharge charge, LogEventType type)
    {
        if (type == LogEventType.Record)
            writer.Record(time, record, charge);
        else if (type == LogEventType.Shown)
            writer.Shown(time, record, charge);
        else
            writer.Restored(time, record, charge);
    }

    /// <summary>
    /// All claims that may still be taken back, or count when another is; of what was said to be counted already, the first of each charge and the latest.
    /// </summary>
    private static IEnumerable<Claim> Reduce(List<Claim> claims) => claims.Where(claim => claim.IsCounted || !claims.TakeWhile(other => other != claim)
        .Any(other => other.Type == claim.Type && other.Charge == claim.Charge) || claims.TrueForAll(other => other.Type != claim.Type || other.Time <= claim.Time));
}
