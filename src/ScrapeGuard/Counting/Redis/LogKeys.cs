using System.Text;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// The keys of logs. The braces are the hash tag of Redis Cluster: 16 tags, so that the masters share the subjects and one script still takes many of them.
/// </summary>
internal sealed class LogKeys(string prefix)
{
    /// <summary>The layout of the logs, a part of every key: nodes with another layout share nothing with these.</summary>
    public const string LayoutVersion = "2";

    /// <summary>The hash tags.</summary>
    public static IReadOnlyList<string> Tags { get; } = [.. Enumerable.Range(0, 16).Select(tag => $"{{t{tag:00}}}")];

    public byte[] Of(SubjectKey subject) =>
        Encoding.UTF8.GetBytes($"{prefix}:{LayoutVersion}:{Tags[TagOf(subject)]}:{NameOf(subject.Type)}:{subject.Hash:x32}");

    /// <summary>Subjects of one tag are on one master.</summary>
    public static int TagOf(SubjectKey subject) => (int)((ulong)subject.Hash & 15);

    private static string NameOf(SubjectType type) => type switch
    {
        SubjectType.Address => "address",
        SubjectType.Session => "session",
        SubjectType.Account => "account",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
