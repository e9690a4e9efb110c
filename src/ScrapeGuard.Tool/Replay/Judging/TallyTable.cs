using ScrapeGuard.Counting;

namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>
/// The tallies of all subjects, bounded: when there are too many, the half with the fewest views goes, those without a verdict first. One that comes again
/// begins anew.
/// </summary>
internal sealed class TallyTable(int most)
{
    /// <summary>The records kept in mind for each tally on average; most have a handful.</summary>
    private const int RecordsPerTally = 40;

    /// <summary>The most addresses that are counted after they were given up; some 40 MB.</summary>
    private const int MostCounted = 1_000_000;

    private readonly Dictionary<AddressInClear, Tally> addresses = [];
    private readonly Dictionary<(SubjectType Type, string Name), Tally> others = [];
    private readonly HashSet<AddressInClear> forgottenAddresses = [];
    private readonly RecordBudget budget = new(most * RecordsPerTally);

    /// <summary>The most subjects that are kept.</summary>
    public int Most => most;

    /// <summary>How many were given up.</summary>
    public long Forgotten { get; private set; }

    /// <summary>How many of them had drawn a verdict.</summary>
    public long ForgottenAccused { get; private set; }

    /// <summary>The most views one of them had.</summary>
    public int ForgottenViews { get; private set; }

    public IEnumerable<Tally> Addresses => addresses.Values;

    /// <summary>How many addresses there were, those that were given up among them.</summary>
    public int AddressCount => addresses.Count + forgottenAddresses.Count;

    /// <summary>Whether there were more addresses than were counted.</summary>
    public bool IsAddressCountCut { get; private set; }

    /// <summary>Accounts and sessions.</summary>
    public IEnumerable<Tally> Others => others.Values;

    /// <summary>The tally of a client's address.</summary>
    public Tally Of(LoggedClient client, int prefixLength)
    {
        if (client.Tally is { IsForgotten: false } known)
            return known;
        var address = client.Address is { } clear ? AddressInClear.Of(clear, prefixLength) : default;
        if (!addresses.TryGetValue(address, out var tally))
        {
            MakeRoom();
            forgottenAddresses.Remove(address);
            addresses[address] = tally = new Tally(client.Text, budget);
        }
        else if (tally.Name != client.Text)
        {
            tally.Name = address.ToString();
        }

        return client.Tally = tally;
    }

    /// <summary>The tally of an account or a session.</summary>
    public Tally Of(SubjectType type, string name)
    {
        if (others.TryGetValue((type, name), out var tally))
            return tally;
        MakeRoom();
        return others[(type, name)] = new Tally($"{(type == SubjectType.Account ? "account" : "session")}:{name}", budget);
    }

    /// <summary>Gives up all of them.</summary>
    public void Clear()
    {
        foreach (var tally in addresses.Values.Concat(others.Values))
            tally.Forget();
        addresses.Clear();
        others.Clear();
    }

    private void MakeRoom()
    {
        if (addresses.Count + others.Count < most)
            return;
        var all = addresses.Values.Concat(others.Values).ToArray();
        Array.Sort(Array.ConvertAll(all, Weight), all);
        foreach (var tally in all.AsSpan(0, all.Length / 2))
        {
            tally.Forget();
            Forgotten++;
            ForgottenAccused += tally.First is null ? 0 : 1;
            ForgottenViews = Math.Max(ForgottenViews, tally.Views);
        }

        CountForgottenAddresses();
        RemoveForgotten(addresses);
        RemoveForgotten(others);
    }

    private void CountForgottenAddresses()
    {
        foreach (var (address, tally) in addresses)
        {
            if (!tally.IsForgotten)
                continue;
            if (forgottenAddresses.Count == MostCounted)
                IsAddressCountCut = true;
            else
                forgottenAddresses.Add(address);
        }
    }

    private static long Weight(Tally tally) => tally.Views + (tally.First is null ? 0 : 1L << 32);

    private static void RemoveForgotten<TKey>(Dictionary<TKey, Tally> tallies) where TKey : notnull
    {
        foreach (var (key, tally) in tallies)
        {
            if (tally.IsForgotten)
                tallies.Remove(key);
        }
    }
}
