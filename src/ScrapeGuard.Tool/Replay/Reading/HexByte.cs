namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>A byte written as two hexadecimal digits.</summary>
internal static class HexByte
{
    /// <summary>Reads the first two letters; false where they are no digits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out byte value)
    {
        value = 0;
        if (text.Length < 2 || !char.IsAsciiHexDigit((char)text[0]) || !char.IsAsciiHexDigit((char)text[1]))
            return false;
        value = (byte)((Digit(text[0]) << 4) | Digit(text[1]));
        return true;
    }

    private static int Digit(byte letter) => letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10;
}
