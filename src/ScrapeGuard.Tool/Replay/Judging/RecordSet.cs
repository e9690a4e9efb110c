namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>
/// Distinct records by their fingerprints, and of each whether it was shown or refused. Bounded: past the bound, or where all sets together hold too much,
/// the figures are the least that is true.
/// </summary>
internal sealed class RecordSet(RecordBudget budget)
{
    private const int Most = 64 * 1024;
    private const ulong ShownBit = 1;
    private const ulong RefusedBit = 2;
    private const ulong Name = ~(ShownBit | RefusedBit);

    private ulong[] places = [];

    /// <summary>All of them.</summary>
    public int Count { get; private set; }

    /// <summary>Those shown at least once.</summary>
    public int Shown { get; private set; }

    /// <summary>Those refused and never shown.</summary>
    public int Kept { get; private set; }

    /// <summary>Whether there were more than were kept in mind.</summary>
    public bool IsCut { get; private set; }

    public void Add(ulong fingerprint, bool shown, bool refused)
    {
        // Zero is a free place.
        var name = (fingerprint & Name) | 4;
        if (Find(name) is not (>= 0 and var place))
        {
            if (Count == Most || !budget.Take())
            {
                IsCut = true;
                return;
            }

            if (Count >= places.Length / 4 * 3)
                Grow();
            place = FreePlace(places, name);
            places[place] = name;
            Count++;
        }

        var before = places[place];
        var after = before | (shown ? ShownBit : 0) | (refused ? RefusedBit : 0);
        places[place] = after;
        Shown += IsShown(after) - IsShown(before);
        Kept += IsKept(after) - IsKept(before);
    }

    /// <summary>Gives back what it took of the budget.</summary>
    public void Clear()
    {
        budget.Return(Count);
        (places, Count, Shown, Kept) = ([], 0, 0, 0);
    }

    private static int IsShown(ulong entry) => (int)(entry & ShownBit);

    private static int IsKept(ulong entry) => (entry & (ShownBit | RefusedBit)) == RefusedBit ? 1 : 0;

    private int Find(ulong name)
    {
        if (places.Length == 0)
            return -1;
        var mask = places.Length - 1;
        for (var place = StartOf(name, mask); places[place] != 0; place = (place + 1) & mask)
        {
            if ((places[place] & Name) == name)
                return place;
        }

        return -1;
    }

    private static int FreePlace(ulong[] places, ulong name)
    {
        var mask = places.Length - 1;
        var place = StartOf(name, mask);
        while (places[place] != 0)
            place = (place + 1) & mask;
        return place;
    }

    private static int StartOf(ulong name, int mask) => (int)(name >> 32) & mask;

    private void Grow()
    {
        var larger = new ulong[Math.Max(4, places.Length * 2)];
        foreach (var entry in places)
        {
            if (entry != 0)
                larger[FreePlace(larger, entry & Name)] = entry;
        }

        places = larger;
    }
}
