namespace ScrapeGuard.Counting;

/// <summary>A part of the table with a lock of its own: the subjects in it, and the pools that they share.</summary>
internal sealed partial class SubjectShard(long budget)
{
    private readonly int[] tracked = new int[3];
    private long watchedSince;

    /// <summary>Where the subjects are, and the lock that whoever looks at one holds.</summary>
    public SubjectIndex Index { get; } = new();

    public Pool<Flight> Flights { get; } = new();

    public Pool<Unsent> Unsent { get; } = new();

    public Pool<SubjectSide?> Sides { get; } = new();

    /// <summary>Since when views are counted, in milliseconds.</summary>
    public long WatchedSince
    {
        get => Volatile.Read(ref watchedSince);
        init => watchedSince = value;
    }

    /// <summary>Remembers what is evicted.</summary>
    public EvidenceSketch? Sketch { get; init; }

    public void WatchSince(long time) => Volatile.Write(ref watchedSince, Math.Min(watchedSince, time));

    /// <summary>As <see cref="SubjectIndex.Enter"/>.</summary>
    public SubjectIndex.Scope Enter() => Index.Enter();

    public int CountOf(SubjectType type) => tracked[(int)type];

    /// <summary>The block of a subject; null for one that is not tracked.</summary>
    public byte[]? Find(in SubjectKey subject) => Index.Find(subject);

    /// <summary>The block of a subject; where there was none it is made, with a place for the first windows.</summary>
    public byte[] FindOrAdd(in SubjectKey subject, WindowSet windows, uint first, long now)
    {
        if (Index.Find(subject) is { } block)
            return block;
        block = Rent(SubjectBlock.SizeOf(subject.Type, first, SubjectBlock.SmallestCapacity));
        var made = new SubjectBlock(block);
        made.Head = new SubjectHead
        {
            High = (ulong)(subject.Hash >> 64),
            Low = (ulong)subject.Hash,
            Type = subject.Type,
            Layout = windows.Id,
            Windows = first,
            Capacity = SubjectBlock.SmallestCapacity,
            LastSeen = now,
            Inherited = Sketch?.Recall(subject, now) ?? 0,
        };
        Index.Add(subject, block);
        tracked[(int)subject.Type]++;
        return block;
    }

    /// <summary>Puts a block of another size in the place of a subject's.</summary>
    public byte[] Resize(byte[] block, uint windows, int capacity, bool isWide)
    {
        var before = new SubjectBlock(block);
        var bytes = Rent(SubjectBlock.SizeOf(before.Head.Type, windows, capacity, isWide));
        before.CopyTo(new SubjectBlock(bytes), windows, capacity, isWide);
        Index.Replace(before.Key, bytes);
        return bytes;
    }

    public void Remove(in SubjectKey subject)
    {
        if (Index.Find(subject) is { } block)
            Remove(block);
    }

    public IEnumerable<SubjectKey> Subjects()
    {
        for (var place = 0; place < Index.Length; place++)
        {
            if (Index[place] is { } block)
                yield return new SubjectBlock(block).Key;
        }
    }
}
