using System.Numerics;
using System.Runtime.CompilerServices;

namespace ScrapeGuard.Counting;

/// <summary>The windows of a subject, one after the other in its block; those that hold nothing lie nowhere.</summary>
/// <param name="bytes">Where the first begins.</param>
/// <param name="present">Which of them lie there, a bit each.</param>
/// <param name="isWide">Whether a slot takes two bytes.</param>
internal readonly ref struct WindowRow(Span<byte> bytes, uint present, bool isWide)
{
    private readonly Span<byte> bytes = bytes;
    private readonly uint present = present;
    private readonly bool isWide = isWide;
    private readonly int stride = WindowSlots.BytesOf(isWide);

    /// <summary>A window, which is <see cref="WindowSlots.IsAbsent"/> where it lies nowhere.</summary>
    public WindowSlots this[int index]
    {
        get
        {
            var bit = 1u << index;
            if ((present & bit) == 0)
                return new WindowSlots(ref Unsafe.NullRef<byte>(), isWide);
            return new WindowSlots(ref bytes.Slice(BitOperations.PopCount(present & (bit - 1)) * stride, stride)[0], isWide);
        }
    }

    /// <summary>The windows that hold something, a bit each.</summary>
    public uint Held
    {
        get
        {
            var held = 0u;
            for (var bits = present; bits != 0; bits &= bits - 1)
            {
                var index = BitOperations.TrailingZeroCount(bits);
                held |= this[index].Total > 0 ? 1u << index : 0;
            }

            return held;
        }
    }

    public void Clear() => bytes.Clear();

    /// <summary>Copies what has a place there too, to slots that are as wide or wider.</summary>
    public void CopyTo(WindowRow other)
    {
        for (var bits = present & other.present; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            this[index].CopyTo(other[index]);
        }
    }
}
