namespace ScrapeGuard;

/// <summary>The words of an enum as a configuration file writes them.</summary>
internal static class EnumWords
{
    /// <summary>Reads one word, in any case. Unlike <c>Enum.TryParse</c> it takes neither numbers nor combinations.</summary>
    public static bool TryParse<T>(string text, out T word) where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (string.Equals(candidate.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                word = candidate;
                return true;
            }
        }

        word = default;
        return false;
    }

    /// <summary>"A", "A or B", "A, B or C": the words offered, or all of them when none is named.</summary>
    public static string OneOf<T>(params T[] offered) where T : struct, Enum
    {
        var words = Array.ConvertAll(offered is [] ? Enum.GetValues<T>() : offered, word => word.ToString());
        return words is [var only] ? only : $"{string.Join(", ", words[..^1])} or {words[^1]}";
    }
}
