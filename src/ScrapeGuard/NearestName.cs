namespace ScrapeGuard;

/// <summary>Guesses which name was meant by a misspelt one.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest edits to the given one; null when more than half of the given letters would have to change.</summary>
    public static string? Find(string given, IEnumerable<string> known)
    {
        var nearest = known.MinBy(name => Edits(given, name));
        return nearest is not null && Edits(given, nearest) * 2 <= given.Length ? nearest : null;
    }

    // The Levenshtein distance, one row of its table at a time; case does not count.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
