namespace ScrapeGuard.Detection.Signals;

/// <summary>
/// What occurs most in a stream, by a fixed number of counters: Space-Saving (Metwally, Agrawal and El Abbadi, Efficient computation of frequent and top-k
/// elements in data streams, 2005). Whatever has no counter takes over the lowest, and its count as an error. Of n occurrences no item is counted as more
/// than n / <see cref="Size"/> too many, and every item that occurred more often than that has a counter. Not for several threads.
/// </summary>
internal sealed class SpaceSaving
{
    public const int Size = 64;

    private readonly ulong[] items = new ulong[Size];
    private readonly int[] counts = new int[Size];
    private readonly int[] errors = new int[Size];
    private int lowest;

    /// <summary>How many counters are used: so many items occurred, or more where all are.</summary>
    public int Used { get; private set; }

    /// <summary>All occurrences.</summary>
    public long Total { get; private set; }

    /// <summary>Counts occurrences of an item.</summary>
    /// <returns>The place of its counter, for what the caller knows of the item.</returns>
    public int Add(ulong item, int occurrences)
    {
        Total += occurrences;
        var place = items.AsSpan(0, Used).IndexOf(item);
        if (place < 0)
            place = Assign(item);
        counts[place] += occurrences;
        return place;
    }

    /// <summary>At most so many occurrences of the item at a place.</summary>
    public int AtMost(int place) => counts[place];

    /// <summary>At least so many occurrences of the item at a place.</summary>
    public int AtLeast(int place) => counts[place] - errors[place];

    public ulong ItemAt(int place) => items[place];

    public void Clear() => (Used, Total, lowest) = (0, 0, 0);

    private int Assign(ulong item)
    {
        var place = Used;
        if (Used < Size)
            counts[Used++] = 0;
        else
            place = Lowest();
        items[place] = item;
        errors[place] = counts[place];
        return place;
    }

    /// <summary>Counts only rise, so that the lowest one is what it was last time, or higher where no counter is that low any more.</summary>
    private int Lowest()
    {
        var place = counts.AsSpan().IndexOf(lowest);
        if (place >= 0)
            return place;
        lowest = counts.Min();
        return counts.AsSpan().IndexOf(lowest);
    }
}
