namespace ScrapeGuard.Counting.Log;

/// <summary>The accounts of a log, each once, as <see cref="KnownAccounts"/> remembers them.</summary>
internal sealed class SnapshotAccounts
{
    private readonly Dictionary<ulong, Seen> accounts = [];

    public void Add(ulong account, long first, long last, bool isWarned)
    {
        if (!accounts.TryGetValue(account, out var before))
            accounts[account] = new Seen(first, last, isWarned);
        else if (last >= before.Last)
            accounts[account] = new Seen(Math.Min(first, before.First), last, isWarned);
        else if (first < before.First)
            accounts[account] = before with { First = first };
    }

    public void Write(LogWriter writer, long now)
    {
        var kept = accounts.Where(account => account.Value.Last > now - KnownAccounts.Memory)
            .OrderByDescending(account => account.Value.Last)
            .Take(KnownAccounts.Most);
        foreach (var (account, seen) in kept.Reverse())
            writer.Account(account, seen.First, seen.Last, seen.IsWarned);
    }

    private readonly record struct Seen(long First, long Last, bool IsWarned);
}
