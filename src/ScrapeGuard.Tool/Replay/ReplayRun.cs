using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Merging;
using ScrapeGuard.Tool.Replay.Pages;

namespace ScrapeGuard.Tool.Replay;

/// <summary>
/// Judges every view of all logs in the order of time: as they are read, and where one turns up that is earlier than what was judged, all over again, sorted.
/// </summary>
internal sealed class ReplayRun : IDisposable
{
    /// <summary>What is kept of clients. Those that matter are far fewer, and each costs some hundred bytes.</summary>
    private const int MostTallies = 100_000;

    private readonly ReplayArguments arguments;
    private readonly CancellationToken stopping;
    private readonly PageFinder pages;
    private readonly ViewMaker maker;
    private LogReading reading;
    private LogJudge judge;
    private long late;

    private ReplayRun(ReplayArguments arguments, CancellationToken stopping)
    {
        (this.arguments, this.stopping) = (arguments, stopping);
        pages = new PageFinder(arguments.Patterns, arguments.Settings.Pages);
        maker = new ViewMaker(pages);
        reading = new LogReading(arguments, maker);
        judge = NewJudge();
    }

    /// <param name="arguments">What is asked for.</param>
    /// <param name="time">Tells how long it took.</param>
    /// <param name="stopping">Ends it with what was read so far.</param>
    /// <exception cref="IOException">The logs are not in order, and there is no room to sort them.</exception>
    public static ReplayResult Run(ReplayArguments arguments, TimeProvider time, CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        using var run = new ReplayRun(arguments, stopping);
        run.JudgeAll();
        return run.Result() with { Seconds = time.GetElapsedTime(started).TotalSeconds };
    }

    public void Dispose()
    {
        reading.Dispose();
        judge.Dispose();
    }

    private void JudgeAll()
    {
        using var copy = reading.IsOnce ? new ViewSort(TemporaryFile.Open) : null;
        if (TryJudgeInOrder(copy))
            return;
        judge.Dispose();
        judge.Tallies.Clear();
        judge = NewJudge();
        if (copy is not null)
        {
            JudgeSorted(copy);
            return;
        }

        reading.Dispose();
        reading = new LogReading(arguments, maker);
        using var sort = new ViewSort(TemporaryFile.Open);
        JudgeSorted(sort);
    }

    /// <summary>Judges the views as they come; false when one comes too late.</summary>
    /// <param name="copy">Gets them too, where they cannot be read again.</param>
    private bool TryJudgeInOrder(ViewSort? copy)
    {
        while (reading.TryTake(out var view, stopping))
        {
            copy?.Add(view);
            if (judge.IsTooLate(view))
                return false;
            judge.Take(view);
        }

        return true;
    }

    private void JudgeSorted(ViewSort sort)
    {
        while (sort.Failure is null && reading.TryTake(out var view, stopping))
            sort.Add(view);
        late = sort.Late;

        // Asked to stop before, it judges all that was read; asked now, it stops here.
        var stoppingNow = stopping.IsCancellationRequested ? CancellationToken.None : stopping;
        foreach (var view in sort.TakeSorted().TakeWhile(_ => !stoppingNow.IsCancellationRequested))
            judge.Take(view);
    }

    private LogJudge NewJudge() => new(arguments.Settings.Configure, new TallyTable(MostTallies));

    private ReplayResult Result() => ReplayResult.Of(judge, reading.Figures) with
    {
        Files = reading.Files,
        Late = late,
        IsStopped = stopping.IsCancellationRequested,
        OtherTargets = pages.Others,
        MissingFields = [.. MissingFields()],
        MissingKinds = [.. arguments.Settings.OfKinds().Where(option => !pages.Kinds.Contains(option.Kind))],
        Kinds = pages.Kinds,
        EmptyPattern = arguments.Patterns.FirstOrDefault(pattern => pattern.HasMatchedNothing)?.Text,
        SettingsNote = arguments.Settings.Note,
    };

    private IEnumerable<string> MissingFields()
    {
        if (arguments.Fields.Account is { } account && !maker.HasAccounts)
            yield return $"--account {account}";
        if (arguments.Fields.Session is { } session && !maker.HasSessions)
            yield return $"--session {session}";
    }
}
