using ScrapeGuard.Tool.Replay.Judging;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>One reading of all logs.</summary>
internal sealed class LogReading : IDisposable
{
    private readonly LogMerge merge;

    public LogReading(ReplayArguments arguments, ViewMaker maker)
    {
        var logs = arguments.Inputs.Select(input => PendingLog.TryLook(input, arguments.Format, Figures)).OfType<PendingLog>().ToArray();
        (Files, IsOnce) = (logs.Length, logs.Any(log => log.IsReadOnce));
        merge = new LogMerge(logs, arguments.Fields, maker, Figures);
    }

    public ReadFigures Figures { get; } = new();

    /// <summary>The logs that could be opened.</summary>
    public int Files { get; }

    /// <summary>Whether there cannot be another one.</summary>
    public bool IsOnce { get; }

    /// <summary>The next view, in order as far as what is held back of each log allows; false when there is none any more.</summary>
    public bool TryTake(out LoggedView view, CancellationToken stopping) => merge.TryTake(out view, stopping);

    public void Dispose() => merge.Dispose();
}
