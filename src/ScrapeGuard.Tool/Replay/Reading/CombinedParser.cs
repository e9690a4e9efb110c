using System.Buffers.Text;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>
/// The Common Log Format, with or without what Combined adds: <c>client identity user [time] "request" status bytes "referrer" "user agent"</c>, and
/// perhaps the virtual host in front. More fields at the end are left alone.
/// </summary>
internal sealed class CombinedParser(SubjectFields fields) : LineParser
{
    private readonly LogTimes times = new();
    private readonly EscapedText request = new();
    private readonly EscapedText userAgent = new();
    private readonly bool hasAccount = IsUser(fields.Account);
    private readonly bool hasSession = IsUser(fields.Session);

    /// <summary>Whether a field that was named is the third of a line, the only one that tells of a person.</summary>
    public static bool IsUser(string? field) =>
        field is not null && (field.Equals("user", StringComparison.OrdinalIgnoreCase) || field.Equals("remote_user", StringComparison.OrdinalIgnoreCase));

    public override LineContent Read(ReadOnlySpan<byte> text, ref LogLine line)
    {
        var time = StartOfTime(text);
        if (time < 0 || !TakeClient(text[..(time - 1)], ref line))
            return LineContent.Bad;
        var rest = text[(time + 1)..];
        var end = rest.IndexOf((byte)']');
        if (end < 0 || !times.TryRead(rest[..end], out var at))
            return LineContent.Bad;
        line.At = at;
        rest = rest[(end + 1)..];
        if (!rest.StartsWith(" \""u8) || !EscapedText.TrySplit(rest[2..], out var quoted, out rest))
            return LineContent.Bad;
        RequestLine.Take(request.Unescape(quoted), ref line);
        if (!TakeStatus(ref rest, ref line))
            return LineContent.Bad;
        TakeUserAgent(rest, ref line);
        return LineContent.Entry;
    }

    /// <summary>The bracket before the time: the first that a figure follows, since a user's name may hold one.</summary>
    private static int StartOfTime(ReadOnlySpan<byte> text)
    {
        var from = 0;
        while (text[from..].IndexOf(" ["u8) is >= 0 and var found)
        {
            from += found + 2;
            if (from < text.Length && text[from] is >= (byte)'0' and <= (byte)'9')
                return from - 1;
        }

        return -1;
    }

    /// <summary>Three words, four with the virtual host; or more, where a user's name has spaces.</summary>
    private bool TakeClient(ReadOnlySpan<byte> text, ref LogLine line)
    {
        if (!TryWord(text, out var first, out var rest) || !TryWord(rest, out var second, out var user) || user.IsEmpty)
            return false;
        line.Client = first;
        if (TryWord(user, out _, out var shorter) && IsHost(first, second))
        {
            line.Client = second;
            user = shorter;
        }

        if (user is [(byte)'-'] or [(byte)'"', (byte)'"'])
            return true;
        line.Account = hasAccount ? user : default;
        line.Session = hasSession ? user : default;
        return true;
    }

    private static bool IsHost(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        !ClientText.IsAddress(first) && (ClientText.IsAddress(second) || first.Contains((byte)':'));

    /// <summary>The first of several words.</summary>
    private static bool TryWord(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word, out ReadOnlySpan<byte> rest)
    {
        var end = text.IndexOf((byte)' ');
        word = end < 0 ? default : text[..end];
        rest = end < 0 ? default : text[(end + 1)..];
        return end > 0;
    }

    private static bool TakeStatus(ref ReadOnlySpan<byte> rest, ref LogLine line)
    {
        if (rest is not [(byte)' ', ..])
            return false;
        rest = rest[1..];
        if (rest is [(byte)'-', ..])
        {
            rest = rest[1..];
            return true;
        }

        if (!Utf8Parser.TryParse(rest, out int status, out var used) || status is < 0 or > 999)
            return false;
        line.Status = status;
        rest = rest[used..];
        return rest.IsEmpty || rest[0] == ' ';
    }

    /// <summary>The second of what is quoted after the figures.</summary>
    private void TakeUserAgent(ReadOnlySpan<byte> rest, ref LogLine line)
    {
        var referrer = rest.IndexOf((byte)'"');
        if (referrer < 0 || !EscapedText.TrySplit(rest[(referrer + 1)..], out _, out rest))
            return;
        if (rest.StartsWith(" \""u8) && EscapedText.TrySplit(rest[2..], out var quoted, out _) && quoted is not [(byte)'-'])
            line.UserAgent = userAgent.Unescape(quoted);
    }
}
