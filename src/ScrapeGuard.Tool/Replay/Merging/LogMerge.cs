using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>Merges the views of several files by their time. A file is opened when its time has come, so that only those that overlap are open together.</summary>
internal sealed class LogMerge : IDisposable
{
    private readonly SubjectFields fields;
    private readonly ViewMaker maker;
    private readonly ReadFigures figures;
    private readonly Queue<PendingLog> pending;

    // By the time of the next view of each; of the same time, the file that began earlier.
    private readonly PriorityQueue<(LogSource Source, int Order), (long At, int Order)> sources = new();
    private (LogSource Source, int Order)? current;
    private int begun;

    /// <param name="logs">The files.</param>
    /// <param name="fields">The fields of accounts and sessions.</param>
    /// <param name="maker">Makes views of lines.</param>
    /// <param name="figures">What is read.</param>
    public LogMerge(IEnumerable<PendingLog> logs, SubjectFields fields, ViewMaker maker, ReadFigures figures)
    {
        (this.fields, this.maker, this.figures) = (fields, maker, figures);
        pending = new Queue<PendingLog>(logs.OrderBy(log => log.FirstAt));
    }

    /// <summary>The next view of all; false when there is none any more, or at once when it is to stop, but for what was held back.</summary>
    public bool TryTake(out LoggedView view, CancellationToken stopping)
    {
        view = default;
        if (current is { } last && !last.Source.Fill(stopping))
        {
            last.Source.Dispose();
            current = null;
        }

        BeginDue(stopping);
        if (current is { } held && (sources.Count == 0 || IsBefore(held)))
        {
            view = held.Source.Take();
            return true;
        }

        if (current is { } later)
            current = sources.EnqueueDequeue(later, (later.Source.NextAt, later.Order));
        else if (sources.TryDequeue(out var earliest, out _))
            current = earliest;
        else
            return false;
        view = current.Value.Source.Take();
        return true;
    }

    public void Dispose()
    {
        current?.Source.Dispose();
        foreach (var ((source, _), _) in sources.UnorderedItems)
            source.Dispose();
        foreach (var log in pending)
            log.Dispose();
    }

    private bool IsBefore((LogSource Source, int Order) held)
    {
        sources.TryPeek(out _, out var next);
        return (held.Source.NextAt, held.Order).CompareTo(next) <= 0;
    }

    /// <summary>Begins the files whose time has come; the next one where none is left.</summary>
    private void BeginDue(CancellationToken stopping)
    {
        while (pending.TryPeek(out var log) && (!stopping.IsCancellationRequested || log.IsReadOnce) && log.FirstAt <= Now)
        {
            pending.Dequeue();
            if (log.TryBegin(fields, maker, figures) is not { } source)
                continue;
            if (source.Fill(stopping))
                sources.Enqueue((source, begun), (source.NextAt, begun));
            else
                source.Dispose();
            begun++;
        }
    }

    private long Now => Math.Min(
        current?.Source.NextAt ?? long.MaxValue,
        sources.TryPeek(out _, out var next) ? next.At : long.MaxValue);
}
