using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ScrapeGuard.Counting;

/// <summary>
/// What is looked at without the lock of the shard: bounded whatever it reads, and worth nothing unless the shard says afterwards that nobody held the lock.
/// </summary>
internal readonly ref partial struct SubjectBlock
{
    private const int LineBytes = 64;

    /// <summary>Has what a revisit looks at brought nearer: the head, and the first records.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch()
    {
        if (!Sse.IsSupported)
            return;
        ref var first = ref MemoryMarshal.GetArrayDataReference(bytes);
        Sse.Prefetch0(Unsafe.AsPointer(ref first));
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, 64)));
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, 128)));
    }

    /// <summary>Has what a view of a record looks at brought nearer, where many records lie before it.</summary>
    public unsafe void Prefetch(ulong record)
    {
        int capacity = Head.Capacity, at = RecordsAt(Head.Type);
        var windows = at + (capacity * BytesPerRecord);
        if (!Sse.IsSupported || capacity <= MostInRow || windows > bytes.Length)
            return;
        ref var first = ref MemoryMarshal.GetArrayDataReference(bytes);
        var home = Home(record, capacity);
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, at + (home * sizeof(ulong)))));
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, at + (capacity * sizeof(ulong)) + (home * Unsafe.SizeOf<RecordMark>()))));
        for (; windows < bytes.Length; windows += LineBytes)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, windows)));
    }

    /// <summary>Has the places of several records brought nearer, where many lie before them.</summary>
    public unsafe void Prefetch(ReadOnlySpan<ulong> several)
    {
        int capacity = Head.Capacity, at = RecordsAt(Head.Type);
        if (!Sse.IsSupported || capacity <= MostInRow || at + (capacity * BytesPerRecord) > bytes.Length)
            return;
        ref var first = ref MemoryMarshal.GetArrayDataReference(bytes);
        foreach (var record in several)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AddByteOffset(ref first, at + (Home(record, capacity) * sizeof(ulong)))));
    }

    /// <summary>Whether this node has displayed the record within a day, and all of these windows have counted it.</summary>
    public bool WasDisplayedHere(ulong record, long now, uint windows)
    {
        int capacity = Head.Capacity, at = RecordsAt(Head.Type);
        if (at + (capacity * BytesPerRecord) > bytes.Length)
            return false;
        ref var records = ref Unsafe.As<byte, ulong>(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(bytes), at));
        var place = Find(MemoryMarshal.CreateSpan(ref records, capacity), record);
        if (place < 0)
            return false;
        var mark = Unsafe.Add(ref Unsafe.As<ulong, RecordMark>(ref Unsafe.Add(ref records, capacity)), place);
        return (~mark.Windows & (windows | IsOwn)) == 0 && IsFresh(mark, now);
    }
}
