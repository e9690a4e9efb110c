using System.Buffers.Binary;
using System.Numerics;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>A quick hash for caches, which compare afterwards what they found.</summary>
internal static class ByteHash
{
    private const ulong Odd = 0x9e37_79b9_7f4a_7c15;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var value in bytes)
            rest = (rest << 8) | value;
        return Mix(hash ^ rest);
    }

    private static ulong Mix(ulong value)
    {
        value *= Odd;
        return BitOperations.RotateLeft(value, 32) ^ value;
    }
}
