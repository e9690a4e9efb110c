namespace ScrapeGuard.Capture;

/// <summary>Finds one cookie in a header (RFC 6265, section 4.2.1) without making a collection of all of them at every view.</summary>
internal static class CookieHeader
{
    /// <summary>The value of the first cookie of this name; empty for none.</summary>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> header, ReadOnlySpan<char> name)
    {
        while (!header.IsEmpty)
        {
            var end = header.IndexOf(';');
            var pair = (end < 0 ? header : header[..end]).Trim();
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                return Unquoted(pair[(name.Length + 1)..]);
            header = end < 0 ? default : header[(end + 1)..];
        }

        return default;
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value) => value is ['"', .., '"'] ? value[1..^1] : value;
}
