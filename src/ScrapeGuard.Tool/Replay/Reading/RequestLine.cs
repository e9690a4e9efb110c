namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>The first line of a request, as <c>GET /members/42 HTTP/1.1</c>.</summary>
internal static class RequestLine
{
    /// <summary>
    /// Takes method and target. HTTP/0.9 names no version; what is no request line, as the bytes of a TLS handshake, has neither method nor target.
    /// </summary>
    public static void Take(ReadOnlySpan<byte> text, ref LogLine line)
    {
        var first = text.IndexOf((byte)' ');
        if (first <= 0 || !IsWord(text[..first]))
            return;
        var target = text[(first + 1)..].Trim((byte)' ');
        var last = target.LastIndexOf((byte)' ');
        if (last >= 0 && target[(last + 1)..].StartsWith("HTTP/"u8))
            target = target[..last].TrimEnd((byte)' ');
        line.Method = text[..first];
        line.Target = target;
    }

    private static bool IsWord(ReadOnlySpan<byte> text)
    {
        foreach (var letter in text)
        {
            if ((letter | 0x20) is < 'a' or > 'z' && letter is not ((byte)'-' or (byte)'_'))
                return false;
        }

        return true;
    }
}
