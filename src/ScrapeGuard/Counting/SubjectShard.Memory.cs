using System.Runtime.CompilerServices;

namespace ScrapeGuard.Counting;

/// <summary>What the subjects take of memory, and who is forgotten where that is too much.</summary>
internal sealed partial class SubjectShard
{
    private const int Sample = 16;
    private const int MostSpare = 32;
    private const int FitsUnseen = 16;
    private const int Fixed = 3000;
    private readonly Dictionary<int, Stack<byte[]>> spare = [];
    private long blockBytes;
    private long sideBytes;
    private long spareBytes;
    private bool hasGrown;
    private int fits;
    private ulong random = (ulong)Random.Shared.NextInt64();

    /// <summary>What was forgotten of subjects evicted since the last look, per type.</summary>
    public long[] Evicted { get; } = new long[3];

    /// <summary>About how many bytes all of this takes.</summary>
    public long Bytes => Fixed + blockBytes + sideBytes + spareBytes + ((long)Index.Length * SubjectIndex.BytesOfPlace)
        + ((long)Flights.Used * Unsafe.SizeOf<Flight>()) + ((long)Unsent.Used * Unsafe.SizeOf<Unsent>())
        + ((long)Sides.Used * IntPtr.Size * 2)
        + ((long)(Urgent.Capacity + Touched.Capacity + Resting.Capacity + Lazy.Capacity) * Unsafe.SizeOf<SubjectKey>());

    /// <summary>Gives back a block that nothing refers to any more.</summary>
    public void Return(byte[] block)
    {
        blockBytes -= Heap.BytesOfArray(block.Length);
        if (!spare.TryGetValue(block.Length, out var same))
            spare[block.Length] = same = new Stack<byte[]>();
        if (same.Count >= MostSpare)
            return;
        same.Push(block);
        spareBytes += Heap.BytesOfArray(block.Length);
    }

    public SubjectSide SideOf(ref SubjectHead head)
    {
        if (head.Side == 0)
        {
            head.Side = Sides.Take();
            Sides[head.Side] = new SubjectSide();
            Weigh(head);
        }

        return Sides.Read(head.Side)!;
    }

    /// <summary>To be told whenever a side may have grown.</summary>
    public void Weigh(in SubjectHead head)
    {
        var side = Sides.Read(head.Side)!;
        var grown = side.Bytes - side.Weighed;
        if (grown == 0)
            return;
        side.Weighed += grown;
        sideBytes += grown;
        hasGrown = true;
    }

    /// <summary>Forgets subjects until the rest fits the budget; never the one in hand.</summary>
    public void Fit(in SubjectKey current, long now)
    {
        // What views in flight and unsent events take is little: it is enough to look now and then, and the sum is of many parts.
        if (!hasGrown && ++fits % FitsUnseen != 0)
            return;
        hasGrown = false;
        while (Bytes > budget && Index.Count > 1)
        {
            if (spareBytes > 0)
                DropSpare();
            else if (!Evict(current, now))
                return;
        }
    }

    private byte[] Rent(int bytes)
    {
        hasGrown = true;
        blockBytes += Heap.BytesOfArray(bytes);
        if (!spare.TryGetValue(bytes, out var same) || !same.TryPop(out var block))
            return new byte[bytes];
        spareBytes -= Heap.BytesOfArray(bytes);
        Array.Clear(block);
        return block;
    }

    private void DropSpare()
    {
        spare.Clear();
        spareBytes = 0;
    }

    /// <summary>Whoever is worth least among a few; of those whose news was not sent yet only where there is nobody else.</summary>
    private bool Evict(in SubjectKey current, long now)
    {
        byte[]? victim = null;
        var least = double.MaxValue;
        var seen = 0;
        random = (random * 6364136223846793005) + 1442695040888963407;
        var place = (int)((random >> 32) * (ulong)Index.Length >> 32);
        for (var step = 0; step < Index.Length && seen < Sample; step++, place = SubjectIndex.After(place, 1, Index.Length))
        {
            // One on its way to the other nodes is waited for: who takes its place would be taken for it.
            if (Index[place] is not { } block || SubjectIndex.IsOf(block, current) || (new SubjectBlock(block).Head.Flags & SubjectFlags.IsExchanged) != 0)
                continue;
            seen++;
            var worth = Worth(new SubjectBlock(block), now);
            if (worth < least)
                (victim, least) = (block, worth);
        }

        if (victim is null)
            return false;
        ref var head = ref new SubjectBlock(victim).Head;
        Evicted[(int)head.Type]++;
        Sketch?.Remember(new SubjectBlock(victim).Key, head.Shown + head.Inherited, now);
        Remove(victim);
        return true;
    }

    private void Remove(byte[] block)
    {
        ref var head = ref new SubjectBlock(block).Head;
        while (head.Flight != 0)
        {
            var next = Flights[head.Flight].Next;
            Flights.Return(head.Flight);
            head.Flight = next;
        }

        while (head.Unsent != 0)
        {
            var next = Unsent[head.Unsent].Next;
            Unsent.Return(head.Unsent);
            head.Unsent = next;
        }

        if (head.Side != 0)
        {
            sideBytes -= Sides[head.Side]!.Weighed;
            Sides[head.Side] = null;
            Sides.Return(head.Side);
        }

        tracked[(int)head.Type]--;
        Index.Remove(new SubjectBlock(block).Key);
        Return(block);
    }
}
