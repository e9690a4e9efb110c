namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>Understands the lines of one file, in their order.</summary>
internal abstract class LineParser
{
    /// <param name="text">The line without its end.</param>
    /// <param name="line">What it says; complete for an entry only.</param>
    public abstract LineContent Read(ReadOnlySpan<byte> text, ref LogLine line);

    public static LineParser Create(LogFormat format, SubjectFields fields) => format switch
    {
        LogFormat.W3C => new W3CParser(fields),
        LogFormat.Json => new JsonParser(fields),
        _ => new CombinedParser(fields),
    };
}
