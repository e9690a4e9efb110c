namespace ScrapeGuard.Counting.Log;

/// <summary>The step-ups of a log that still admit something or count against the day, and what was used of the last.</summary>
internal sealed class SnapshotGrants
{
    private readonly List<Grant> grants = [];
    private int used;

    public void Add(long time, int allowance, long until)
    {
        grants.Add(new Grant(time, allowance, until));
        used = 0;
    }

    public void Use(int units) => used = grants.Count == 0 ? 0 : Math.Clamp(used + units, -ushort.MaxValue, ushort.MaxValue);

    /// <summary>Only the first ones are dropped: the allowance is that of the last.</summary>
    public void Write(LogWriter writer, long now)
    {
        var first = grants.FindIndex(grant => grant.Time > now - SubjectState.NoveltyMilliseconds || grant.Until > now);
        if (first < 0)
            return;
        foreach (var (time, allowance, until) in grants.Skip(first))
            writer.Grant(time, allowance, until);
        if (used != 0)
            writer.AllowanceUsed(used);
    }

    private readonly record struct Grant(long Time, int Allowance, long Until);
}
