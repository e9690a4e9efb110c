using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>
/// One subject in one array of bytes: its head, for an address the address in clear, the fingerprints of the records it was shown, of each the time
/// and the windows that counted it, and those of its windows that hold something. Whoever holds the shard's lock may touch it.
/// </summary>
internal readonly ref partial struct SubjectBlock(byte[] bytes)
{
    public const int SmallestCapacity = 4;

    /// <summary>The bit of a record that this node displayed itself. No window has it: the last of sixteen counts no records.</summary>
    public const uint IsOwn = 1u << 15;

    /// <summary>How exactly the time of a record is known.</summary>
    public const long TickMilliseconds = 4000;

    private readonly byte[] bytes = bytes;

    public ref SubjectHead Head => ref Unsafe.As<byte, SubjectHead>(ref MemoryMarshal.GetArrayDataReference(bytes));

    public SubjectKey Key => new(Head.Type, new UInt128(Head.High, Head.Low));

    public WindowRow Windows => new(bytes.AsSpan(RecordsAt(Head.Type) + (Head.Capacity * BytesPerRecord)), Head.Windows, IsWide);

    /// <summary>Whether a slot of a window takes two bytes and not one.</summary>
    public bool IsWide => (Head.Flags & SubjectFlags.IsWide) != 0;

    /// <summary>Fingerprints of the records it was shown, as <see cref="Places"/> says; 0 where there is none.</summary>
    public Span<ulong> Records => MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan(RecordsAt(Head.Type), Head.Capacity * sizeof(ulong)));

    /// <summary>The address in clear and the length of its prefix; only of an address.</summary>
    public ref AddressInClear Address => ref Unsafe.As<byte, AddressInClear>(ref bytes[Unsafe.SizeOf<SubjectHead>()]);

    /// <summary>The account seen last at an address, or the only one known there; only of an address.</summary>
    public ref Visitor Visitor => ref Unsafe.As<byte, Visitor>(ref bytes[Unsafe.SizeOf<SubjectHead>() + Unsafe.SizeOf<AddressInClear>()]);

    public static int SizeOf(SubjectType type, uint windows, int capacity, bool isWide = false) =>
        RecordsAt(type) + (capacity * BytesPerRecord) + (BitOperations.PopCount(windows) * WindowSlots.BytesOf(isWide));

    /// <summary>Copies head, address and records into a block of another size; its windows are left to the caller.</summary>
    public void CopyTo(SubjectBlock other, uint windows, int capacity, bool isWide)
    {
        bytes.AsSpan(0, RecordsAt(Head.Type)).CopyTo(other.bytes);
        (other.Head.Windows, other.Head.Capacity) = (windows, (ushort)capacity);
        if (isWide)
            other.Head.Flags |= SubjectFlags.IsWide;
        CopyRecordsTo(other);
    }

    /// <summary>Moves the bits of windows to the places they have in another layout.</summary>
    public void Relabel(Func<uint, uint> move)
    {
        foreach (ref var mark in Marks[..Places])
            mark.Windows = (ushort)(move(mark.Windows & ~IsOwn) | (mark.Windows & IsOwn));
    }

    private void CopyRecordsTo(SubjectBlock other)
    {
        // In a block as large all keep their places: whoever asks for a wider one has some in hand.
        if (other.Head.Capacity == Head.Capacity)
        {
            Records.CopyTo(other.Records);
            Marks.CopyTo(other.Marks);
            return;
        }

        var places = Places;
        other.Head.Shown = 0;
        for (var place = 0; place < places; place++)
        {
            if (Records[place] != 0)
                other.Add(Records[place], Marks[place]);
        }
    }

    private static int RecordsAt(SubjectType type) => Unsafe.SizeOf<SubjectHead>() + (type == SubjectType.Address ? Unsafe.SizeOf<AddressInClear>() + Unsafe.SizeOf<Visitor>() : 0);
}
