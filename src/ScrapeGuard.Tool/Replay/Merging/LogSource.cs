using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>The views of one file, in the order of their time as far as the buffer reaches.</summary>
internal sealed class LogSource : IDisposable
{
    /// <summary>How far lines may stand from where their time belongs: what a busy server writes during one slow request.</summary>
    private const int HeldBack = 4096;

    private readonly LogInput input;
    private readonly LineReader reader;
    private readonly LineParser parser;
    private readonly ViewMaker maker;
    private readonly ReadFigures figures;
    private readonly ReorderBuffer buffer = new(HeldBack);
    private long number;
    private bool isAtEnd;

    public LogSource(LogInput input, LineReader reader, LineParser parser, ViewMaker maker, ReadFigures figures) =>
        (this.input, this.reader, this.parser, this.maker, this.figures) = (input, reader, parser, maker, figures);

    /// <summary>The time of the next view. There must be one.</summary>
    public long NextAt => buffer.Earliest;

    /// <summary>Reads on until enough is held back to tell which view is next; false when there is none any more.</summary>
    public bool Fill(CancellationToken stopping)
    {
        while (!isAtEnd && !buffer.IsFull)
            ReadLine(stopping);
        return buffer.Count > 0;
    }

    public LoggedView Take() => buffer.Take();

    public void Dispose() => reader.Dispose();

    private void ReadLine(CancellationToken stopping)
    {
        // A pipe ends by itself then, after what it had given.
        if ((stopping.IsCancellationRequested && !input.IsOpenedOnce) || !TryRead(out var text))
        {
            isAtEnd = true;
            return;
        }

        number++;
        text = LineText.Trim(text);
        if (text.IsEmpty)
            return;
        var line = default(LogLine);
        var content = parser.Read(text, ref line);
        if (content == LineContent.Directive)
            return;
        figures.Lines++;
        if (content == LineContent.Bad)
            figures.AddBad(input.Name, number, text, parser.FindProblem(text));
        else if (maker.TryMake(line, out var view))
            Hold(view, line.Status);
    }

    private void Hold(in LoggedView view, int status)
    {
        if (status == 0)
            figures.WithoutStatus++;
        buffer.Add(view);
    }

    /// <summary>A file that is damaged is read up to there, and a pipe on which nothing more is waited for.</summary>
    private bool TryRead(out ReadOnlySpan<byte> text)
    {
        try
        {
            return reader.TryRead(out text);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            figures.AddCut(input.Name, number, exception);
        }
        catch (OperationCanceledException)
        {
        }

        text = default;
        return false;
    }
}
