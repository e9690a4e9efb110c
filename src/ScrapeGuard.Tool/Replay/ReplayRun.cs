using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Merging;
using ScrapeGuard.Tool.Replay.Pages;

namespace ScrapeGuard.Tool.Replay;

/// <summary>Reads all files once, in the order of time, and judges every view.</summary>
internal static class ReplayRun
{
    /// <summary>What is kept of clients. Those that matter are far fewer, and each costs some hundred bytes.</summary>
    private const int MostTallies = 100_000;

    /// <param name="arguments">What is asked for.</param>
    /// <param name="time">Tells how long it took.</param>
    /// <param name="stopping">Ends it with what was read so far.</param>
    public static ReplayResult Run(ReplayArguments arguments, TimeProvider time, CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        var (figures, pages) = (new ReadFigures(), new PageFinder(arguments.Patterns));
        var maker = new ViewMaker(pages);
        var logs = arguments.Inputs.Select(input => PendingLog.TryLook(input, arguments.Format, figures)).OfType<PendingLog>().ToArray();
        using var judge = new LogJudge(arguments.Configure, new TallyTable(MostTallies));
        using var merge = new LogMerge(logs, arguments.Fields, maker, figures);
        while (merge.TryTake(out var view, stopping))
            judge.Take(view);

        return ReplayResult.Of(judge, figures) with
        {
            Files = logs.Length,
            Seconds = time.GetElapsedTime(started).TotalSeconds,
            IsStopped = stopping.IsCancellationRequested,
            OtherTargets = pages.Others,
            MissingFields = [.. MissingFields(arguments, maker)],
        };
    }

    private static IEnumerable<string> MissingFields(ReplayArguments arguments, ViewMaker maker)
    {
        if (arguments.Fields.Account is { } account && !maker.HasAccounts)
            yield return $"--account {account}";
        if (arguments.Fields.Session is { } session && !maker.HasSessions)
            yield return $"--session {session}";
    }
}
