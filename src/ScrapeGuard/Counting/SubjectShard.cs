using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ScrapeGuard.Counting;

/// <summary>
/// A part of the table with a lock of its own: an open-addressed index (linear probing, after Knuth) of blocks, and the pools that the subjects in it share.
/// </summary>
internal sealed partial class SubjectShard(long budget)
{
    private const int SmallestIndex = 16;
    private readonly int[] tracked = new int[3];
    private int version;
    private long watchedSince;
    private byte[]?[] blocks = new byte[]?[SmallestIndex];
    private byte[] tags = new byte[SmallestIndex];
    private int count;

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

    /// <summary>
    /// Keeps all others out until the scope is disposed of. For less than a microsecond, by one thread, and not twice: a third of the cost of a monitor where
    /// nobody waits, and as patient as one where somebody does.
    /// </summary>
    public Scope Enter()
    {
        if (!TryEnter())
            Wait();
        return new Scope(this);
    }

    /// <summary>
    /// Where a subject's block seems to be, without the lock: what is read of it means something only if <see cref="IsUnchanged"/> says so afterwards (a
    /// sequence lock). Its memory is brought nearer meanwhile.
    /// </summary>
    /// <param name="subject">Who is looked for.</param>
    /// <param name="isSure">Whether to wait for that memory, to tell the subject from another of the same tag.</param>
    public SubjectGlimpse Glimpse(in SubjectKey subject, bool isSure = false)
    {
        var seen = Volatile.Read(ref version);
        var (marks, places) = (tags, blocks);
        var tag = TagOf(subject);
        for (var place = Home(subject, marks.Length); marks[place] != 0; place = place + 1 == marks.Length ? 0 : place + 1)
        {
            if (marks[place] != tag)
                continue;
            if ((uint)place >= (uint)places.Length || places[place] is not { } block)
                break;
            if (isSure && !IsOf(block, subject))
                continue;
            new SubjectBlock(block).Prefetch();
            return new SubjectGlimpse(this, seen, block);
        }

        return default;
    }

    /// <summary>Has the place where a subject is looked for brought nearer.</summary>
    public unsafe void Prefetch(in SubjectKey subject)
    {
        var (marks, places) = (tags, blocks);
        var place = Home(subject, marks.Length);
        if (!Sse.IsSupported || place >= places.Length)
            return;
        Sse.Prefetch0(Unsafe.AsPointer(ref marks[place]));
        Sse.Prefetch0(Unsafe.AsPointer(ref places[place]));
    }

    /// <summary>Whether nobody has held the lock since a version was seen.</summary>
    public bool IsUnchanged(int seen)
    {
        Volatile.ReadBarrier();
        return version == seen && (seen & 1) == 0;
    }

    public int CountOf(SubjectType type) => tracked[(int)type];

    /// <summary>The block of a subject; null for one that is not tracked.</summary>
    public byte[]? Find(SubjectKey subject) => blocks[Place(subject)];

    public byte[] FindOrAdd(SubjectKey subject, WindowSet windows, long now)
    {
        var place = Place(subject);
        if (blocks[place] is { } block)
            return block;
        if ((count + 1) * 8L > blocks.Length * 7L)
        {
            Grow();
            place = Place(subject);
        }

        block = Rent(SubjectBlock.SizeOf(subject.Type, windows.Count, SubjectBlock.SmallestCapacity));
        var made = new SubjectBlock(block);
        made.Head = new SubjectHead
        {
            High = (ulong)(subject.Hash >> 64),
            Low = (ulong)subject.Hash,
            Type = subject.Type,
            Layout = windows.Id,
            Windows = (byte)windows.Count,
            Capacity = SubjectBlock.SmallestCapacity,
            LastSeen = now,
            Inherited = Sketch?.Recall(subject, now) ?? 0,
        };
        (blocks[place], tags[place]) = (block, TagOf(subject));
        count++;
        tracked[(int)subject.Type]++;
        return block;
    }

    /// <summary>Puts a block of another size in the place of a subject's.</summary>
    public byte[] Resize(byte[] block, WindowSet windows, int capacity, bool isWide)
    {
        var before = new SubjectBlock(block);
        var place = Place(before.Key);
        var bytes = Rent(SubjectBlock.SizeOf(before.Head.Type, windows.Count, capacity, isWide));
        before.CopyTo(new SubjectBlock(bytes), windows.Count, capacity, isWide);
        blocks[place] = bytes;
        return bytes;
    }

    public void Remove(SubjectKey subject) => RemoveAt(Place(subject));

    public IEnumerable<SubjectKey> Subjects()
    {
        foreach (var slot in blocks)
        {
            if (slot is { } block)
                yield return new SubjectBlock(block).Key;
        }
    }

    /// <summary>Where a subject is looked for first: its hash as a part of the length.</summary>
    private static int Home(in SubjectKey subject, int length) => (int)((ulong)(uint)((ulong)subject.Hash >> 16) * (ulong)length >> 32);

    private int After(int place) => place + 1 == blocks.Length ? 0 : place + 1;

    /// <summary>Another part of the hash, never 0: that is the tag of an empty place.</summary>
    private static byte TagOf(in SubjectKey subject) => (byte)((uint)(subject.Hash >> 64) | 1);

    private int Place(SubjectKey subject)
    {
        var tag = TagOf(subject);
        for (var place = Home(subject, blocks.Length); ; place = After(place))
        {
            if (tags[place] == 0 || (tags[place] == tag && IsOf(blocks[place]!, subject)))
                return place;
        }
    }

    public static bool IsOf(byte[] block, in SubjectKey subject)
    {
        ref var head = ref new SubjectBlock(block).Head;
        return head.Low == (ulong)subject.Hash && head.High == (ulong)(subject.Hash >> 64) && head.Type == subject.Type;
    }

    private void Grow()
    {
        // By half: an index that is always full by half or more costs a subject half as much as one that doubles.
        var before = blocks;
        var length = before.Length + (before.Length / 2);
        (blocks, tags) = (new byte[]?[length], new byte[length]);
        foreach (var slot in before)
        {
            if (slot is not { } block)
                continue;
            var subject = new SubjectBlock(block).Key;
            var place = Place(subject);
            (blocks[place], tags[place]) = (block, TagOf(subject));
        }
    }

    private void Wait()
    {
        var spin = default(SpinWait);
        do
            spin.SpinOnce();
        while (!TryEnter());
    }

    private bool TryEnter()
    {
        var free = Volatile.Read(ref version) & ~1;
        return Interlocked.CompareExchange(ref version, free + 1, free) == free;
    }

    /// <summary>The time in which the shard is held.</summary>
    public readonly ref struct Scope(SubjectShard shard)
    {
        public void Dispose() => Volatile.Write(ref shard.version, shard.version + 1);
    }
}
