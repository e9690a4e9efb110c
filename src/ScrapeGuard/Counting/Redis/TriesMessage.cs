using System.Buffers.Binary;
using System.Security.Cryptography;
using ScrapeGuard.Capture;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Tries as they travel: layout (1), which start of which node (4), which of its messages (4), when it was sent (6), how many (2), of each the three ranges (24),
/// position (1), who (2), time (6) and who had part in a sweep with it (8), then a MAC (HMAC-SHA256, RFC 2104, 16 bytes of it) over all of that and the channel. Without a key nobody can have a range
/// of ids called swept.
/// </summary>
/// <param name="Incarnation">Which start of which node sent it.</param>
/// <param name="Sequence">Which of its messages it is.</param>
/// <param name="SentAt">When it was sent, in milliseconds.</param>
/// <param name="Tries">What was tried there.</param>
internal sealed record TriesMessage(uint Incarnation, uint Sequence, long SentAt, NotedTry[] Tries)
{
    /// <summary>The layout of messages, a part of their channel: nodes of another one are not heard.</summary>
    public const string LayoutVersion = "2";

    /// <summary>The most tries in a message, at 41 bytes each.</summary>
    public const int Most = 1024;

    private const byte Layout = 2;
    private const int CountAt = 15;
    private const int HeadLength = CountAt + sizeof(ushort);
    private const int TryLength = 41;
    private const int MacLength = 16;

    public byte[] Write(Pseudonyms.Generation key, string channel)
    {
        var bytes = new byte[HeadLength + (Tries.Length * TryLength) + MacLength];
        bytes[0] = Layout;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(1), Incarnation);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(5), Sequence);
        Log.LogTime.Write(bytes.AsSpan(9), SentAt);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(CountAt), (ushort)Tries.Length);
        for (var index = 0; index < Tries.Length; index++)
            Write(Tries[index], bytes.AsSpan(HeadLength + (index * TryLength), TryLength));
        Mac(bytes.AsSpan(..^MacLength), key, channel).AsSpan(0, MacLength).CopyTo(bytes.AsSpan(bytes.Length - MacLength));
        return bytes;
    }

    /// <summary>A message as it was sent; null where no key signed it.</summary>
    public static TriesMessage? Read(ReadOnlySpan<byte> message, IReadOnlyList<Pseudonyms.Generation> keys, string channel)
    {
        if (!IsWhole(message) || !IsSigned(message, keys, channel))
            return null;
        var tries = new NotedTry[BinaryPrimitives.ReadUInt16LittleEndian(message[CountAt..])];
        for (var index = 0; index < tries.Length; index++)
            tries[index] = ReadTry(message.Slice(HeadLength + (index * TryLength), TryLength));
        return new TriesMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(message[1..]), BinaryPrimitives.ReadUInt32LittleEndian(message[5..]), Log.LogTime.Read(message[9..]), tries);
    }

    private static void Write(in NotedTry noted, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, noted.Number.Range);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], noted.Number.Below);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], noted.Number.Above);
        bytes[24] = (byte)noted.Number.Position;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[25..], noted.Who);
        Log.LogTime.Write(bytes[27..], noted.At);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[33..], noted.Subject);
    }

    private static NotedTry ReadTry(ReadOnlySpan<byte> bytes) => new(
        new TriedNumber(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            bytes[24] % SweepWatch.Width),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[25..]),
        Log.LogTime.Read(bytes[27..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[33..]));

    private static bool IsWhole(ReadOnlySpan<byte> message) =>
        message.Length >= HeadLength + MacLength && message[0] == Layout
        && message.Length == HeadLength + (BinaryPrimitives.ReadUInt16LittleEndian(message[CountAt..]) * TryLength) + MacLength;

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
