using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// The keys of logs. The braces are the hash tag of Redis Cluster: 16 tags, so that the masters share the subjects and one script still takes many of them.
/// All keys are of one length.
/// </summary>
internal sealed class LogKeys(string prefix)
{
    /// <summary>The layout of the logs, a part of every key: nodes with another layout share nothing with these.</summary>
    public const string LayoutVersion = "5";

    private const int NameLength = 7;
    private const int HashLength = 22;

    private readonly byte[][] beginnings = [.. Tags.Select(tag => Encoding.UTF8.GetBytes($"{prefix}:{LayoutVersion}:{tag}:"))];

    /// <summary>The hash tags, one for each part of the subjects.</summary>
    public static IReadOnlyList<string> Tags { get; } = [.. Enumerable.Range(0, SubjectKey.Parts).Select(tag => $"{{t{tag:00}}}")];

    public int Length => beginnings[0].Length + NameLength + 1 + HashLength;

    public byte[] Of(SubjectKey subject)
    {
        var key = new byte[Length];
        Write(subject, key);
        return key;
    }

    /// <summary>Writes the key of a subject into bytes of the right length.</summary>
    public void Write(SubjectKey subject, Span<byte> key)
    {
        ReadOnlySpan<byte> beginning = beginnings[subject.Part];
        beginning.CopyTo(key);
        key = key[beginning.Length..];
        NameOf(subject.Type).CopyTo(key);
        key[NameLength] = (byte)':';
        Span<byte> hash = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(hash, subject.Hash);
        Base64Url.EncodeToUtf8(hash, key[(NameLength + 1)..]);
    }

    private static ReadOnlySpan<byte> NameOf(SubjectType type) => type switch
    {
        SubjectType.Address => "address"u8,
        SubjectType.Session => "session"u8,
        SubjectType.Account => "account"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
