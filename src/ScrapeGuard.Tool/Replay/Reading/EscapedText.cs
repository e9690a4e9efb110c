namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>Quoted text of Apache and nginx: <c>\"</c>, <c>\\</c>, <c>\n</c> and the like, and <c>\x22</c> for any byte.</summary>
internal sealed class EscapedText
{
    private byte[] buffer = new byte[1024];

    /// <summary>Splits what follows an opening quote at the closing one.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> quoted, out ReadOnlySpan<byte> rest)
    {
        var end = 0;
        while (text[end..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var found)
        {
            end += found;
            if (text[end] == '"')
            {
                quoted = text[..end];
                rest = text[(end + 1)..];
                return true;
            }

            // Whatever follows a backslash ends nothing.
            end = Math.Min(end + 2, text.Length);
        }

        quoted = rest = default;
        return false;
    }

    /// <summary>The text as it was before it was written; valid until the next.</summary>
    public ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        var next = text.IndexOf((byte)'\\');
        if (next < 0)
            return text;
        if (buffer.Length < text.Length)
            buffer = new byte[text.Length * 2];
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\' || index + 1 == text.Length)
            {
                buffer[length++] = text[index];
                continue;
            }

            index++;
            buffer[length++] = text[index] switch
            {
                (byte)'x' when HexByte.TryRead(text[(index + 1)..], out var value) => Take(value, ref index),
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var letter => letter,
            };
        }

        return buffer.AsSpan(0, length);
    }

    private static byte Take(byte value, ref int index)
    {
        index += 2;
        return value;
    }
}
