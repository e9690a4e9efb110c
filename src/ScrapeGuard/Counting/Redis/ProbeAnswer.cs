using System.Globalization;

namespace ScrapeGuard.Counting.Redis;

/// <summary>What probe.lua answers.</summary>
/// <param name="Time">The time of the server, in milliseconds since 1970.</param>
/// <param name="RunId">Which start of which server answers; empty where it does not tell.</param>
/// <param name="Since">Since when nodes have shared this Redis without a long break, in milliseconds since 1970.</param>
/// <param name="Nodes">When each node was heard, less than 0 for one that has stopped.</param>
internal sealed record ProbeAnswer(long Time, string RunId, long Since, IReadOnlyList<(string Name, long Heard)> Nodes)
{
    /// <exception cref="FormatException">The answer is no probe's.</exception>
    public static ProbeAnswer Parse(string answer)
    {
        var words = answer.Split(' ');
        if (words.Length < 3 || words.Length % 2 != 1)
            throw new FormatException("The answer to the probe is not understood: another version may use the same Redis:KeyPrefix.");
        var nodes = new List<(string, long)>();
        for (var word = 3; word < words.Length; word += 2)
        {
            // Whoever writes into Redis may list what is no time.
            if (TryNumber(words[word + 1], out var heard))
                nodes.Add((words[word], heard));
        }

        return new ProbeAnswer(Number(words[0]), words[1] == "-" ? "" : words[1], Number(words[2]), nodes);
    }

    private static bool TryNumber(string word, out long number) => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static long Number(string word) => long.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
