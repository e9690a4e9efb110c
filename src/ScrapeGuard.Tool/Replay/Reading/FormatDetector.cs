namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>Finds out the format of a file from its first lines: the one that understands most of them.</summary>
internal static class FormatDetector
{
    private const int MostLines = 200;

    private static readonly LogFormat[] Candidates = [LogFormat.Combined, LogFormat.W3C, LogFormat.Json];

    /// <summary>The format, and the earliest time in these lines; null where none of them was understood.</summary>
    /// <param name="text">The beginning of the file.</param>
    /// <param name="asked">The format that was asked for.</param>
    public static (LogFormat Format, long? FirstAt) Detect(ReadOnlySpan<byte> text, LogFormat asked)
    {
        if (asked != LogFormat.Auto)
            return (asked, Try(text, asked).FirstAt);
        var best = (Format: LogFormat.Combined, Understood: 0, FirstAt: (long?)null);
        foreach (var format in Candidates)
        {
            var (understood, firstAt) = Try(text, format);
            if (understood > best.Understood)
                best = (format, understood, firstAt);
        }

        return (best.Format, best.FirstAt);
    }

    private static (int Understood, long? FirstAt) Try(ReadOnlySpan<byte> text, LogFormat format)
    {
        var parser = LineParser.Create(format, new SubjectFields(null, null));
        var (understood, earliest) = (0, long.MaxValue);
        for (var count = 0; count < MostLines && !text.IsEmpty; count++)
        {
            var end = text.IndexOf((byte)'\n');
            var line = default(LogLine);
            var content = parser.Read(LineText.Trim(end < 0 ? text : text[..end]), ref line);
            understood += content == LineContent.Bad ? 0 : 1;
            if (content == LineContent.Entry && line.At > 0)
                earliest = Math.Min(earliest, line.At);
            text = end < 0 ? default : text[(end + 1)..];
        }

        return (understood, earliest == long.MaxValue ? null : earliest);
    }
}
