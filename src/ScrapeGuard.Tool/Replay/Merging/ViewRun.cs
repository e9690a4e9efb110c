using System.Text;
using ScrapeGuard.Tool.Replay.Judging;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>Views in the order of their time, in a file: first all are written, then all are read.</summary>
internal sealed class ViewRun(Stream file) : IDisposable
{
    private readonly ViewWriter writer = new(new BinaryWriter(file, Encoding.UTF8, leaveOpen: true));
    private long count;

    /// <summary>The time of the last view written.</summary>
    public long LastAt { get; private set; } = long.MinValue;

    /// <summary>Adds a view, which must not be earlier than the last.</summary>
    public void Write(in LoggedView view)
    {
        writer.Write(view);
        LastAt = view.At;
        count++;
    }

    /// <summary>Brings all of it into the file, so that it shows now whether there is room.</summary>
    public void Flush() => writer.Flush();

    /// <summary>Reads them back, once they were flushed.</summary>
    public IEnumerable<LoggedView> Read()
    {
        file.Position = 0;
        using var input = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        var reader = new ViewReader(input, count);
        while (reader.TryRead(out var view))
            yield return view;
    }

    public void Dispose()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException)
        {
            // The rest finds no room either, and is no longer wanted.
        }
    }
}
