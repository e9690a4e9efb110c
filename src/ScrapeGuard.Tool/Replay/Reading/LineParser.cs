namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>Understands the lines of one file, in their order.</summary>
internal abstract class LineParser
{
    /// <param name="text">The line without its end.</param>
    /// <param name="line">What it says; complete for an entry only.</param>
    public abstract LineContent Read(ReadOnlySpan<byte> text, ref LogLine line);

    /// <summary>What is wrong with a line that was not understood; null where that is not known.</summary>
    public virtual string? FindProblem(ReadOnlySpan<byte> text)
    {
        if (text.Length >= LineReader.LongestLine)
            return "longer than 1 MB";
        return text.Length > 19 && text[4] == '-' && text[7] == '-' && text[10] is (byte)' ' or (byte)'\t' && text[13] == ':' && text[16] == ':'
            ? "no line #Fields: before it, which W3C needs"
            : null;
    }

    public static LineParser Create(LogFormat format, SubjectFields fields) => format switch
    {
        LogFormat.W3C => new W3CParser(fields),
        LogFormat.Json => new JsonParser(fields),
        _ => new CombinedParser(fields),
    };
}
