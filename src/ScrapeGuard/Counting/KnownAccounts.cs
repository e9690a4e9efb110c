using System.Runtime.CompilerServices;

namespace ScrapeGuard.Counting;

/// <summary>The accounts seen at an address: remembered for 30 days, at most 512, the longest unseen forgotten first.</summary>
internal sealed class KnownAccounts
{
    public const int Most = 512;
    public const long Memory = 30L * 24 * 60 * 60 * 1000;

    private const int Fixed = 56;

    /// <summary>How long the number of accounts in good standing is believed when nothing changes.</summary>
    private const long Believed = 10_000;

    private int newcomers;
    private int recent;
    private ulong[] accounts;
    private SeenAccount[] seen;
    private int good;
    private long goodAt = long.MinValue / 2;

    /// <param name="first">The only one so far: there is room for a second.</param>
    public KnownAccounts(Visitor first) => (accounts, seen, Count) = ([first.Account, 0], [first.Seen, default], 1);

    public int Count { get; private set; }

    /// <summary>Whether some may have been forgotten for want of room.</summary>
    public bool IsFull => Count == Most;

    /// <summary>About how many bytes this takes.</summary>
    public int Bytes => Fixed + Heap.BytesOfArray(accounts.Length * sizeof(ulong)) + Heap.BytesOfArray(seen.Length * Unsafe.SizeOf<SeenAccount>());

    public IEnumerable<(ulong Account, KnownAccount Known)> All() => Enumerable.Range(0, Count).Select(place => (accounts[place], seen[place].Known));

    /// <summary>Notes that an account was seen; true where it is news for the other nodes.</summary>
    public bool See(ulong account, bool isWarned, long now)
    {
        var place = PlaceOf(account);
        if (place < 0 || seen[place].IsForgotten(now))
            place = Add(account, now);
        ref var known = ref seen[place];
        if (known.IsWarned != isWarned || !known.IsRecent(now))
            Doubt();
        return known.See(isWarned, now);
    }

    /// <summary>Takes in what another node knows.</summary>
    public void Learn(ulong account, KnownAccount there)
    {
        Doubt();
        var place = PlaceOf(account);
        if (place < 0)
            place = Add(account, there.Last);
        seen[place].Learn(there);
    }

    /// <summary>What is known of an account; null for one that was never seen, or is forgotten.</summary>
    public KnownAccount? Find(ulong account) => PlaceOf(account) is >= 0 and var place ? seen[place].Known : null;

    /// <summary>How many of them were seen in the last 24 hours and are not warned.</summary>
    public int InGoodStanding(long now)
    {
        Look(now);
        return good;
    }

    /// <summary>How many of them were first seen less than 24 hours ago, warned or not.</summary>
    public int Newcomers(long now)
    {
        Look(now);
        return newcomers;
    }

    /// <summary>How many of them were seen in the last 24 hours, warned or not.</summary>
    public int Recent(long now)
    {
        Look(now);
        return recent;
    }

    /// <summary>How many of them were seen in the last 30 days, but for those that were warned when they were seen last.</summary>
    public int Known(long now)
    {
        var known = 0;
        foreach (ref readonly var account in seen.AsSpan(0, Count))
            known += account.IsKnown(now) ? 1 : 0;
        return known;
    }

    private void Look(long now)
    {
        if (now - goodAt is >= 0 and < Believed)
            return;
        (good, newcomers, recent) = (0, 0, 0);
        foreach (ref readonly var known in seen.AsSpan(0, Count))
        {
            recent += known.IsRecent(now) ? 1 : 0;
            good += known.IsInGoodStanding(now) ? 1 : 0;
            newcomers += known.IsNewcomer(now) ? 1 : 0;
        }

        goodAt = now;
    }

    private void Doubt() => goodAt = long.MinValue / 2;

    private int PlaceOf(ulong account) => accounts.AsSpan(0, Count).IndexOf(account);

    /// <summary>A place for an account, its own or, where there is no more room, that of the one longest unseen.</summary>
    private int Add(ulong account, long now)
    {
        Doubt();
        var place = PlaceOf(account);
        if (place < 0 && Count == Most)
        {
            place = 0;
            for (var other = 1; other < Count; other++)
                place = seen[other].Last < seen[place].Last ? other : place;
        }

        if (place < 0)
        {
            place = Count++;
            if (place == accounts.Length)
            {
                Array.Resize(ref accounts, Math.Min(Most, place + Math.Max(1, place / 2)));
                Array.Resize(ref seen, accounts.Length);
            }
        }

        accounts[place] = account;
        seen[place] = new SeenAccount(now);
        return place;
    }
}
