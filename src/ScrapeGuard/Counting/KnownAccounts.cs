using System.Runtime.CompilerServices;

namespace ScrapeGuard.Counting;

/// <summary>The accounts seen at an address: remembered for 30 days, at most 512, the longest unseen forgotten first.</summary>
internal sealed class KnownAccounts
{
    public const int Most = 512;
    public const long Memory = 30L * 24 * 60 * 60 * 1000;

    private const int Fixed = 56;
    private const long Day = 24L * 60 * 60 * 1000;

    /// <summary>How old what is known of an account may be before the other nodes are told again.</summary>
    private const long Refresh = 600_000;

    /// <summary>How long the number of accounts in good standing is believed when nothing changes.</summary>
    private const long Believed = 10_000;

    private int newcomers;
    private int recent;
    private ulong[] accounts = new ulong[1];
    private Seen[] seen = new Seen[1];
    private int good;
    private long goodAt = long.MinValue / 2;

    public int Count { get; private set; }

    /// <summary>Whether some may have been forgotten for want of room.</summary>
    public bool IsFull => Count == Most;

    /// <summary>About how many bytes this takes.</summary>
    public int Bytes => Fixed + Heap.BytesOfArray(accounts.Length * sizeof(ulong)) + Heap.BytesOfArray(seen.Length * Unsafe.SizeOf<Seen>());

    public IEnumerable<(ulong Account, KnownAccount Known)> All() => Enumerable.Range(0, Count).Select(place => (accounts[place], At(place)));

    /// <summary>Notes that an account was seen; true where it is news for the other nodes.</summary>
    public bool See(ulong account, bool isWarned, long now)
    {
        var place = PlaceOf(account);
        var isNew = place < 0;
        if (isNew || now - seen[place].Last >= Memory)
            place = Add(account, now);
        ref var known = ref seen[place];
        var isNews = isNew || known.IsWarned != isWarned || now - known.Told >= Refresh;
        if (known.IsWarned != isWarned || now - known.Last >= Day)
            Doubt();
        (known.Last, known.IsWarned, known.Told) = (now, isWarned, isNews ? now : known.Told);
        return isNews;
    }

    /// <summary>Takes in what another node knows.</summary>
    public void Learn(ulong account, KnownAccount there)
    {
        Doubt();
        var place = PlaceOf(account);
        if (place < 0)
            place = Add(account, there.Last);
        ref var known = ref seen[place];
        known.First = Math.Min(known.First, there.First);
        if (there.Last >= known.Last)
            (known.Last, known.IsWarned, known.Told) = (there.Last, there.IsWarned, there.Last);
    }

    /// <summary>What is known of an account; null for one that was never seen, or is forgotten.</summary>
    public KnownAccount? Find(ulong account) => PlaceOf(account) is >= 0 and var place ? At(place) : null;

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
            known += account.Last > now - Memory && !account.IsWarned ? 1 : 0;
        return known;
    }

    private void Look(long now)
    {
        if (now - goodAt is >= 0 and < Believed)
            return;
        (good, newcomers, recent) = (0, 0, 0);
        foreach (ref readonly var known in seen.AsSpan(0, Count))
        {
            if (known.Last <= now - Day)
                continue;
            recent++;
            good += known.IsWarned ? 0 : 1;
            newcomers += known.First > now - Day ? 1 : 0;
        }

        goodAt = now;
    }

    private void Doubt() => goodAt = long.MinValue / 2;

    private int PlaceOf(ulong account) => accounts.AsSpan(0, Count).IndexOf(account);

    private KnownAccount At(int place) => new(seen[place].First, seen[place].Last, seen[place].IsWarned);

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
        seen[place] = new Seen { First = now, Last = now };
        return place;
    }

    // Seconds, to which an account's days need not be known any better.
    private struct Seen
    {
        private uint first;
        private uint last;
        private uint toldAndWarned;

        public long First
        {
            readonly get => first * 1000L;
            set => first = Seconds(value);
        }

        public long Last
        {
            readonly get => last * 1000L;
            set => last = Seconds(value);
        }

        public long Told
        {
            readonly get => (toldAndWarned >> 1) * 2000L;
            set => toldAndWarned = (Seconds(value) / 2 << 1) | (toldAndWarned & 1);
        }

        public bool IsWarned
        {
            readonly get => (toldAndWarned & 1) != 0;
            set => toldAndWarned = (toldAndWarned & ~1u) | (value ? 1u : 0);
        }

        private static uint Seconds(long milliseconds) => (uint)Math.Clamp(milliseconds / 1000, 0, uint.MaxValue);
    }
}

/// <summary>An account known at an address.</summary>
/// <param name="First">When it was first seen there, in milliseconds.</param>
/// <param name="Last">When it was last seen there.</param>
/// <param name="IsWarned">Whether it was warned then.</param>
internal readonly record struct KnownAccount(long First, long Last, bool IsWarned);
