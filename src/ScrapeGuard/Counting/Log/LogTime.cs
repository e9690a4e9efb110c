using System.Buffers.Binary;

namespace ScrapeGuard.Counting.Log;

/// <summary>A time, a length or an index of a slot in six bytes, little-endian.</summary>
internal static class LogTime
{
    public const int Length = 6;
    private const long Latest = (1L << 48) - 1;

    public static long Read(ReadOnlySpan<byte> bytes) =>
        ((long)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public static void Write(Span<byte> bytes, long time)
    {
        time = Math.Clamp(time, 0, Latest);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)time);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], (ushort)(time >> 32));
    }
}
