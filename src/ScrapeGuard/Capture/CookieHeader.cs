namespace ScrapeGuard.Capture;

/// <summary>Finds one cookie in a header (RFC 6265, section 4.2.1) without making a collection of all of them at every view.</summary>
internal static class CookieHeader
{
    /// <summary>The value of the first cookie of this name; empty for none.</summary>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> header, ReadOnlySpan<char> name)
    {
        foreach (var range in header.Split(';'))
        {
            var pair = header[range].Trim();
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                return pair[(name.Length + 1)..].Trim('"');
        }

        return default;
    }
}
