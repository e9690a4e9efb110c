namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// What a node is listed under in Redis: a word for this start of it and, after a colon, the fingerprints of its keys with commas between; none where it is
/// of a version that does not tell them.
/// </summary>
internal static class NodeName
{
    /// <param name="fingerprints">Those of all keys of the node, also of keys that are not current.</param>
    public static string Make(IReadOnlyCollection<string> fingerprints)
    {
        var word = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8));
        return fingerprints.Count == 0 ? word : $"{word}:{string.Join(',', fingerprints)}";
    }

    public static string WordOf(string name) => name.Split(':')[0];

    /// <summary>Whether both tell their keys and have none in common. While keys are rotated they have one.</summary>
    public static bool AreApart(string one, string other)
    {
        var (keys, others) = (KeysOf(one), KeysOf(other));
        return keys.Length > 0 && others.Length > 0 && !keys.Intersect(others).Any();
    }

    private static string[] KeysOf(string name) => name.IndexOf(':', StringComparison.Ordinal) is >= 0 and var end ? name[(end + 1)..].Split(',') : [];
}
