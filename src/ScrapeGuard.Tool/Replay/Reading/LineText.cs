namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>What surrounds the text of a line.</summary>
internal static class LineText
{
    /// <summary>Takes away the end of the line, and the zeros that a file begins with which was cut while its server went on writing.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line) => line.TrimEnd("\r "u8).TrimStart((byte)0);
}
