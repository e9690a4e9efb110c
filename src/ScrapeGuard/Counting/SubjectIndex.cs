using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ScrapeGuard.Counting;

/// <summary>
/// Where the blocks of a shard's subjects lie: open addressing with linear probing (Knuth, The Art of Computer Programming, vol. 3, 6.4), in which a byte of
/// each subject's hash, its tag, is compared for sixteen places at once. And the lock of the shard, which tells whoever reads without it whether what was
/// read means something (a sequence lock).
/// </summary>
internal sealed partial class SubjectIndex
{
    private const int Smallest = 16;

    // What a reader without the lock needs lies together. Both arrays only grow, and are larger before the length is.
    private int version;
    private int length = Smallest;
    private byte[]?[] blocks = new byte[]?[Smallest];

    // The tags of the first places stand once more after those of the last.
    private byte[] tags = new byte[2 * Smallest];

    /// <summary>How many places there are.</summary>
    public int Length => length;

    /// <summary>How many subjects there are.</summary>
    public int Count { get; private set; }

    public static int BytesOfPlace => IntPtr.Size + sizeof(byte);

    /// <summary>The block at a place; null where it is free.</summary>
    public byte[]? this[int place] => blocks[place];

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

    /// <summary>Whether nobody has held the lock since a version was seen.</summary>
    public bool IsUnchanged(int seen)
    {
        Volatile.ReadBarrier();
        return version == seen && (seen & 1) == 0;
    }

    /// <summary>Where a subject's block seems to be, without the lock. Its memory is brought nearer meanwhile.</summary>
    /// <param name="subject">Who is looked for.</param>
    /// <param name="isSure">Whether to wait for that memory, to tell the subject from another of the same tag.</param>
    public SubjectGlimpse Glimpse(in SubjectKey subject, bool isSure = false)
    {
        var seen = Volatile.Read(ref version);
        var size = Volatile.Read(ref length);
        ref var marks = ref MemoryMarshal.GetArrayDataReference(tags);
        ref var places = ref MemoryMarshal.GetArrayDataReference(blocks);
        var tag = Vector128.Create(TagOf(subject));
        var start = Home(subject, size);

        // Once round: whoever reads a length and, long after, larger arrays may find nothing free where it looks.
        for (var groups = (size / Smallest) + 2; groups > 0; groups--, start = After(start, Smallest, size))
        {
            var group = Vector128.LoadUnsafe(ref marks, (uint)start);
            var free = Vector128.Equals(group, default).ExtractMostSignificantBits();
            for (var same = Vector128.Equals(group, tag).ExtractMostSignificantBits() & (free ^ (free - 1)); same != 0; same &= same - 1)
            {
                if (Unsafe.Add(ref places, After(start, BitOperations.TrailingZeroCount(same), size)) is not { } block)
                    return default;
                if (isSure && !IsOf(block, subject))
                    continue;
                new SubjectBlock(block).Prefetch();
                return new SubjectGlimpse(this, seen, block);
            }

            if (free != 0)
                break;
        }

        return default;
    }

    /// <summary>The block of a subject; null for one that is not there. Whoever calls holds the lock.</summary>
    public byte[]? Find(in SubjectKey subject) => blocks[Place(subject)];

    /// <summary>Adds the block of a subject that is not there.</summary>
    public void Add(in SubjectKey subject, byte[] block)
    {
        if ((Count + 1) * 8L > length * 7L)
            Grow();
        Put(Place(subject), block, TagOf(subject));
        Count++;
    }

    /// <summary>Puts another block in the place of a subject's.</summary>
    public void Replace(in SubjectKey subject, byte[] block) => blocks[Place(subject)] = block;

    /// <summary>Takes the block of a subject that is there.</summary>
    public void Remove(in SubjectKey subject)
    {
        Count--;
        var place = Place(subject);
        Put(place, null, 0);

        // Whoever was pushed past this place moves up, so that no search ends too early.
        for (var next = After(place, 1, length); blocks[next] is { } moved; next = After(next, 1, length))
        {
            Put(next, null, 0);
            var moving = new SubjectBlock(moved).Key;
            Put(Place(moving), moved, TagOf(moving));
        }
    }

    public static bool IsOf(byte[] block, in SubjectKey subject)
    {
        ref var head = ref new SubjectBlock(block).Head;
        return head.Low == (ulong)subject.Hash && head.High == (ulong)(subject.Hash >> 64) && head.Type == subject.Type;
    }

    /// <summary>Where a subject is looked for first: its hash as a part of the length.</summary>
    private static int Home(in SubjectKey subject, int length) => (int)((ulong)(uint)((ulong)subject.Hash >> 16) * (ulong)length >> 32);

    public static int After(int place, int steps, int length) => place + steps is var after && after >= length ? after - length : after;

    /// <summary>Another part of the hash, never 0: that is the tag of an empty place.</summary>
    private static byte TagOf(in SubjectKey subject) => (byte)((uint)(subject.Hash >> 64) | 1);

    /// <summary>The place of a subject, or a free one where it would be.</summary>
    private int Place(in SubjectKey subject)
    {
        ref var marks = ref MemoryMarshal.GetArrayDataReference(tags);
        var tag = Vector128.Create(TagOf(subject));
        for (var start = Home(subject, length); ; start = After(start, Smallest, length))
        {
            var group = Vector128.LoadUnsafe(ref marks, (uint)start);
            var free = Vector128.Equals(group, default).ExtractMostSignificantBits();
            for (var same = Vector128.Equals(group, tag).ExtractMostSignificantBits() & (free ^ (free - 1)); same != 0; same &= same - 1)
            {
                var place = After(start, BitOperations.TrailingZeroCount(same), length);
                if (IsOf(blocks[place]!, subject))
                    return place;
            }

            if (free != 0)
                return After(start, BitOperations.TrailingZeroCount(free), length);
        }
    }

    private void Put(int place, byte[]? block, byte tag)
    {
        (blocks[place], tags[place]) = (block, tag);
        if (place < Smallest)
            tags[length + place] = tag;
    }

    private void Grow()
    {
        // By half: an index that is always full by half or more costs a subject half as much as one that doubles.
        var before = blocks;
        var larger = length + (length / 2);
        (blocks, tags) = (new byte[]?[larger], new byte[larger + Smallest]);
        Volatile.Write(ref length, larger);
        foreach (var slot in before)
        {
            if (slot is not { } block)
                continue;
            var subject = new SubjectBlock(block).Key;
            Put(Place(subject), block, TagOf(subject));
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
    public readonly ref struct Scope(SubjectIndex index)
    {
        public void Dispose() => Volatile.Write(ref index.version, index.version + 1);
    }
}
