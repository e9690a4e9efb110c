using System.Buffers.Binary;
using System.Security.Cryptography;
using ScrapeGuard.Capture;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Tries as they travel: layout (1), which start of which node (4), how many (2), of each the three ranges (24), position (1), who (2) and time (6), then a MAC
/// (HMAC-SHA256, RFC 2104, 16 bytes of it) over all of that and the channel. Without a key nobody can have a range of ids called swept.
/// </summary>
internal static class TriesMessage
{
    /// <summary>The most tries in a message, at 33 bytes each.</summary>
    public const int Most = 1024;

    private const byte Layout = 1;
    private const int HeadLength = 7;
    private const int TryLength = 33;
    private const int MacLength = 16;

    public static byte[] Write(ReadOnlySpan<NotedTry> tries, uint incarnation, Pseudonyms.Generation key, string channel)
    {
        var bytes = new byte[HeadLength + (tries.Length * TryLength) + MacLength];
        bytes[0] = Layout;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(1), incarnation);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(5), (ushort)tries.Length);
        for (var index = 0; index < tries.Length; index++)
            Write(tries[index], bytes.AsSpan(HeadLength + (index * TryLength), TryLength));
        Mac(bytes.AsSpan(..^MacLength), key, channel).AsSpan(0, MacLength).CopyTo(bytes.AsSpan(bytes.Length - MacLength));
        return bytes;
    }

    /// <summary>The tries of another node; none for a message that no key signed, or that this node sent itself.</summary>
    /// <param name="message">The message.</param>
    /// <param name="own">Which start of which node this is.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="channel">The channel it came by.</param>
    /// <param name="isForged">Whether no key signed it.</param>
    public static NotedTry[] Read(ReadOnlySpan<byte> message, uint own, IReadOnlyList<Pseudonyms.Generation> keys, string channel, out bool isForged)
    {
        isForged = !IsWhole(message) || !IsSigned(message, keys, channel);
        if (isForged || BinaryPrimitives.ReadUInt32LittleEndian(message[1..]) == own)
            return [];
        var tries = new NotedTry[BinaryPrimitives.ReadUInt16LittleEndian(message[5..])];
        for (var index = 0; index < tries.Length; index++)
            tries[index] = ReadTry(message.Slice(HeadLength + (index * TryLength), TryLength));
        return tries;
    }

    private static void Write(in NotedTry noted, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, noted.Number.Range);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], noted.Number.Below);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], noted.Number.Above);
        bytes[24] = (byte)noted.Number.Position;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[25..], noted.Who);
        Log.LogTime.Write(bytes[27..], noted.At);
    }

    private static NotedTry ReadTry(ReadOnlySpan<byte> bytes) => new(
        new TriedNumber(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            bytes[24] % SweepWatch.Width),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[25..]),
        Log.LogTime.Read(bytes[27..]));

    private static bool IsWhole(ReadOnlySpan<byte> message) =>
        message.Length >= HeadLength + MacLength && message[0] == Layout
        && message.Length == HeadLength + (BinaryPrimitives.ReadUInt16LittleEndian(message[5..]) * TryLength) + MacLength;

    private static bool IsSigned(ReadOnlySpan<byte> message, IReadOnlyList<Pseudonyms.Generation> keys, string channel)
    {
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(message[^MacLength..], Mac(message[..^MacLength], key, channel).AsSpan(0, MacLength)))
                return true;
        }

        return false;
    }

    private static byte[] Mac(ReadOnlySpan<byte> body, Pseudonyms.Generation key, string channel)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Sweep);
        mac.AppendData(System.Text.Encoding.UTF8.GetBytes(channel));
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}
