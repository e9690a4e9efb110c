using ScrapeGuard.Counting;

namespace ScrapeGuard.Tests.Counting;

/// <summary>The oracle of <see cref="KnownAccounts"/>: remembered for 30 days, at most 512, the longest unseen forgotten first.</summary>
internal sealed class ReferenceAccounts
{
    public const int Most = 512;
    public const long Memory = 30L * 24 * 60 * 60 * 1000;
    private const long Day = 24L * 60 * 60 * 1000;

    private readonly Dictionary<ulong, Seen> accounts = [];

    public int Count => accounts.Count;

    public void See(ulong account, bool isWarned, long now)
    {
        var first = accounts.TryGetValue(account, out var before) && before.Last > now - Memory ? before.First : now;
        if (first == now && accounts.Count >= Most && !accounts.ContainsKey(account))
            accounts.Remove(accounts.MinBy(pair => pair.Value.Last).Key);
        accounts[account] = new Seen(first, now, isWarned);
    }

    public int InGoodStanding(long now)
    {
        var good = 0;
        foreach (var account in accounts.Values)
            good += !account.IsWarned && account.Last > now - Day ? 1 : 0;
        return good;
    }

    private readonly record struct Seen(long First, long Last, bool IsWarned);
}
