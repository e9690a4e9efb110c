using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>
/// A file that was looked into and whose time has not come: it is closed again, so that a year of rotated files takes no more memory than those that cover the
/// same moment. Standard input and other pipes cannot be opened twice, and stay open.
/// </summary>
internal sealed class PendingLog : IDisposable
{
    private readonly LogInput input;
    private readonly LogFormat format;
    private LineReader? open;

    private PendingLog(LogInput input, LogFormat format, long firstAt, LineReader? open) =>
        (this.input, this.format, FirstAt, this.open) = (input, format, firstAt, open);

    /// <summary>Whether it can be read only once, as standard input.</summary>
    public bool IsReadOnce => open is not null;

    /// <summary>The earliest time of its first lines.</summary>
    public long FirstAt { get; }

    /// <summary>Looks into a file; null, and a problem among the figures, where it cannot be read.</summary>
    public static PendingLog? TryLook(LogInput input, LogFormat asked, ReadFigures figures)
    {
        LineReader? reader = null;
        try
        {
            reader = input.Open();
            var (format, firstAt) = FormatDetector.Detect(reader.Peek(), asked);
            var log = new PendingLog(input, format, firstAt ?? 0, input.IsOpenedOnce ? reader : null);
            reader = input.IsOpenedOnce ? null : reader;
            return log;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            figures.AddClosed(input.Name, exception);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            reader?.Dispose();
        }
    }

    /// <summary>Begins to read; null, and a problem among the figures, where that is no longer possible.</summary>
    public LogSource? TryBegin(SubjectFields fields, ViewMaker maker, ReadFigures figures)
    {
        try
        {
            var reader = open ?? input.Open();
            open = null;
            return new LogSource(input, reader, LineParser.Create(format, fields), maker, figures);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            figures.AddClosed(input.Name, exception);
            return null;
        }
    }

    public void Dispose() => open?.Dispose();
}
