using System.Numerics;

namespace ScrapeGuard.Counting.Log;

/// <summary>
/// The records of a log while it is folded. Each node claims for itself, with a time, what it shows or is about to show, and takes back its own claims only.
/// </summary>
internal sealed class FoldedRecords(FoldedSlots slots)
{
    private readonly Dictionary<ulong, List<Claim>> records = [];

    /// <summary>The time of the newest claim that counts.</summary>
    public long LastNovel { get; private set; }

    /// <summary>Notes a claim; the same one again says nothing.</summary>
    public void Add(ulong record, in Claim claim)
    {
        if (!records.TryGetValue(record, out var claims))
            records[record] = claims = [];
        if (claims.Contains(claim))
            return;
        Count(claims, -1);
        claims.Add(claim);
        Count(claims, 1);
        if (claim.IsCounted)
            LastNovel = Math.Max(LastNovel, claim.Time);
    }

    /// <summary>Takes back what a node claimed at a time, or a snapshot after it.</summary>
    public void Withdraw(ulong record, uint owner, long time)
    {
        if (!records.TryGetValue(record, out var claims))
            return;
        Count(claims, -1);
        Claim.Withdraw(claims, owner, time);
        Count(claims, 1);
        if (claims.Count == 0)
            records.Remove(record);
    }

    public bool IsKnown(ulong record) => records.ContainsKey(record);

    /// <summary>Has a record be unknown, whoever claims it; what it counts is left as it is.</summary>
    public bool Remove(ulong record) => records.Remove(record);

    /// <summary>Each record that is known at a time, when it was last claimed, and the windows that know it, a bit each.</summary>
    public IEnumerable<(ulong Record, long Time, uint Windows)> KnownAt(long now)
    {
        foreach (var (record, claims) in records)
        {
            var (time, bits) = (0L, 0u);
            foreach (var claim in claims)
                (time, bits) = (Math.Max(time, claim.Time), bits | claim.Charge);
            if (time > now - SubjectState.NoveltyMilliseconds)
                yield return (record, time, bits);
        }
    }

    /// <summary>Whether a node is known to claim a record itself; what a snapshot has put together is nobody's.</summary>
    public bool IsClaimedBy(uint owner, ulong record) => records.TryGetValue(record, out var claims) && claims.Exists(claim => claim.Owner == owner);

    private void Count(List<Claim> claims, int sign)
    {
        if (claims is [{ IsCounted: true } only])
        {
            slots.Add(only.Charge, only.Time, sign);
            return;
        }

        var all = 0u;
        foreach (var claim in claims)
            all |= claim.Charge;
        for (; all != 0; all &= all - 1)
        {
            var window = 1u << BitOperations.TrailingZeroCount(all);
            foreach (var time in Claim.Novel(claims, claim => (claim.Charge & window) != 0))
                slots.Add(window, time, sign);
        }
    }
}
