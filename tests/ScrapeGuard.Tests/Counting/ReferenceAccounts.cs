using ScrapeGuard.Counting;

namespace ScrapeGuard.Tests.Counting;

/// <summary>The oracle of <see cref="AddressAccounts"/>: remembered for 30 days, at most 512, the longest unseen forgotten first.</summary>
internal sealed class ReferenceAccounts
{
    public const int Most = 512;
    public const long Memory = 30L * 24 * 60 * 60 * 1000;
    private const long Day = 24L * 60 * 60 * 1000;
    private const long Refresh = 600_000;

    private readonly Dictionary<ulong, Seen> accounts = [];

    public int Count => accounts.Count;

    public bool See(ulong account, bool isWarned, long now)
    {
        var isKnown = accounts.TryGetValue(account, out var before) && before.Last > now - Memory;
        if (!isKnown)
            before = new Seen(now, now, IsWarned: false, Told: 0);
        MakeRoom(account);
        var isNews = before.IsWarned != isWarned || now - before.Told >= Refresh;
        accounts[account] = new Seen(before.First, now, isWarned, isNews ? now : before.Told);
        return isNews;
    }

    public void Learn(ulong account, KnownAccount there)
    {
        if (!accounts.TryGetValue(account, out var before))
            before = new Seen(there.Last, there.Last, IsWarned: false, Told: 0);
        MakeRoom(account);
        before = before with { First = Math.Min(before.First, there.First) };
        accounts[account] = there.Last < before.Last ? before : before with { Last = there.Last, IsWarned = there.IsWarned, Told = there.Last };
    }

    public KnownAccount? Find(ulong account) => accounts.TryGetValue(account, out var seen) ? new KnownAccount(seen.First, seen.Last, seen.IsWarned) : null;

    public int InGoodStanding(long now) => accounts.Values.Count(account => !account.IsWarned && account.Last > now - Day);

    public int Recent(long now) => accounts.Values.Count(account => account.Last > now - Day);

    public int Newcomers(long now) => accounts.Values.Count(account => account.Last > now - Day && account.First > now - Day);

    public int Known(long now) => accounts.Values.Count(account => !account.IsWarned && account.Last > now - Memory);

    private void MakeRoom(ulong account)
    {
        if (accounts.Count >= Most && !accounts.ContainsKey(account))
            accounts.Remove(accounts.MinBy(pair => pair.Value.Last).Key);
    }

    private readonly record struct Seen(long First, long Last, bool IsWarned, long Told);
}
