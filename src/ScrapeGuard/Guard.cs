using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Exposure;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard;

/// <summary>The way of a view, stage by stage: enforcement of blocks, counting, detection, enforcement of the verdict, settling.</summary>
internal sealed class Guard(
    SettingsSource settings, SubjectCapture capture, SessionCookie cookie, ViewCounter counter, SubjectTable table, BlockList blocks, Blocker blocker,
    GuardClock clock, GuardMetrics metrics, ILogger<Guard> logger, Sharing sharing)
{
    /// <summary>The most records counted at once: more would keep Redis from answering others for tens of milliseconds.</summary>
    private const int MostInList = 1000;

    private readonly bool isAwaited = sharing.Subjects is { IsAwaited: true };
    private readonly ISharedBlocks? sharedBlocks = sharing.Blocks;
    private readonly DefaultObjectPool<GuardedRequest> requests = new(new DefaultPooledObjectPolicy<GuardedRequest>());
    private int warnedOfLongList;

    public Settings Settings => settings.Current;

    public GuardClock Clock => clock;

    /// <summary>Begins a request: who asks, and is one of them blocked already?</summary>
    public ValueTask<GuardedRequest> OpenAsync(HttpContext context, IDisplayPageMetadata? page)
    {
        var current = settings.Current;
        var request = requests.Get();
        request.Begin(this, context, current, page);
        capture.Capture(context, current, request.Subjects);
        request.HasSession = request.Subjects.HasSession;
        context.Features.Set(request);
        context.Response.OnCompleted(static state => Complete(state), request);
        if (sharedBlocks is { IsRead: false })
            return OpenWhenReadAsync(request);
        CheckBlocks(request);
        return new ValueTask<GuardedRequest>(request);
    }

    /// <summary>Counts one view, or one list of records, and judges it.</summary>
    public ValueTask<ScrapeGuardAssessment> CountAsync(GuardedRequest request, CountedView view, int length)
    {
        if (request.Assessment.IsRefused)
            return new ValueTask<ScrapeGuardAssessment>(request.Assessment);
        var started = clock.Time.GetTimestamp();
        var patience = request.Settings.Options.Redis.Timeout - request.Waited;
        var counting = counter.CountAsync(request.Settings.Limits, request.Settings.Options.StepUp, view, request.Subjects, patience);
        return counting.IsCompletedSuccessfully
            ? new ValueTask<ScrapeGuardAssessment>(Judge(request, view, length, started))
            : CountLateAsync(request, view, length, started, counting);
    }

    /// <summary>Counts the records of a list, by their canonical ids without repeats.</summary>
    public ValueTask<ScrapeGuardAssessment> CountListAsync(GuardedRequest request, string kind, IReadOnlyList<string> ids, int views)
    {
        var view = new CountedView();
        view.Begin(kind, views);
        for (var key = 0; key < request.Subjects.Counted; key++)
        {
            var generation = request.Subjects.Generations[key];
            view.Records[key] = [.. ids.Take(MostInList).Select(id => generation.Record(kind, id)).Distinct()];
        }

        return CountAsync(request, view, ids.Count);
    }

    /// <summary>Ends a request by what its response was.</summary>
    public void Settle(GuardedRequest request, Outcome outcome)
    {
        // A page that is refused for its list counts nowhere, whatever the status of the refusal.
        if (request.Assessment.IsRefused && !request.IsAnswered && outcome != Outcome.Displayed)
            outcome = Outcome.Released;
        foreach (var view in request.Counted)
        {
            var settlement = new Settlement(outcome, request.IssuedSession ? 1 : 0)
            {
                MostRecords = request.Settings.Options.Exposure.MaxRecords,
            };
            counter.Settle(view, settlement);
            if (outcome == Outcome.Displayed)
                metrics.Displayed(view.Kind, view.Records[0].Length);
            request.IssuedSession = false;
        }

        request.Counted.Clear();
    }

    /// <summary>Issues a session with the first page that is shown to a client without one.</summary>
    public void IssueSession(HttpContext context, GuardedRequest request)
    {
        if (request.HasSession || request.Settings.Options.Session.From != "Cookie" || request.Assessment.IsRefused || context.Response.HasStarted)
            return;
        if (OutcomeOf.Response(context, failed: false) != Outcome.Displayed)
            return;
        cookie.Issue(context);
        request.HasSession = request.IssuedSession = true;
    }

    /// <summary>When the response is complete, nobody looks at the request any more.</summary>
    private static Task Complete(object state)
    {
        var request = (GuardedRequest)state;
        if (request.Counted.Count > 0)
            request.Guard.Settle(request, OutcomeOf.Response(request.Context, failed: false));
        request.End();
        request.Guard.requests.Return(request);
        return Task.CompletedTask;
    }

    private async ValueTask<GuardedRequest> OpenWhenReadAsync(GuardedRequest request)
    {
        var started = clock.Time.GetTimestamp();
        await sharedBlocks!.WhenReadAsync();
        request.Waited = clock.Time.GetElapsedTime(started);
        CheckBlocks(request);
        return request;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ScrapeGuardAssessment> CountLateAsync(GuardedRequest request, CountedView view, int length, long started, ValueTask counting)
    {
        await counting;
        return Judge(request, view, length, started);
    }

    private ScrapeGuardAssessment Judge(GuardedRequest request, CountedView view, int length, long started)
    {
        var took = clock.Time.GetElapsedTime(started);
        metrics.Decided(request.IsFirstDecision ? request.Waited + took : took);
        request.IsFirstDecision = false;
        if (isAwaited)
            request.Waited += took;
        if (length > MostInList)
            AccuseOfLength(request, view, length);
        if (!view.IsAllowed)
            Accuse(request, view, length);
        if (view.Views > 0)
            metrics.Viewed(view.Kind, request.Assessment);
        if (request.Assessment.IsRefused && !request.IsAnswered)
            counter.Settle(view, new Settlement(Outcome.Released));
        else
            request.Counted.Add(view);
        return request.Assessment;
    }

    private void CheckBlocks(GuardedRequest request)
    {
        if (blocks.IsUnused)
            return;
        foreach (ref readonly var keys in request.Subjects.ByKey.AsSpan())
        {
            if (IsBlocked(request, keys, SubjectType.Account) || IsBlocked(request, keys, SubjectType.Session) || IsBlocked(request, keys, SubjectType.Address))
                return;
        }
    }

    private bool IsBlocked(GuardedRequest request, in ViewSubjects keys, SubjectType type)
    {
        if (!keys.TryGet(type, out var key) || blocks.Find(key) is not { } block || !Reaches(block, request))
            return false;
        var mode = block.Mode == ScrapeGuardMode.Enforce ? request.Settings.Options.Mode : ScrapeGuardMode.Observe;
        request.Judge(new ScrapeGuardAssessment(Verdict.Block, mode, block.Cause, key.Type), new Refusal(
            Verdict.Block, block.Cause, key.Type, block.Until, key));
        if (mode != ScrapeGuardMode.Enforce)
            return false;
        blocks.CountRefusal(key);
        metrics.Refused(key.Type);
        return true;
    }

    private bool Reaches(Block block, GuardedRequest request)
    {
        var keys = request.Subjects.Keys;
        if (block.Subject != SubjectType.Address || block.Reach == BlockReach.Everyone || !keys.IsSignedIn)
            return true;
        if (request.Subjects.ByKey[request.Subjects.Counted - 1].Account is not { } account)
            return false;
        var limits = request.Settings.Limits;
        var window = limits.LimitsOf(SubjectType.Address).FirstOrDefault(limit => limit.Name == block.Cause)?.Window;
        return table.Read(account, limits.WindowsOf(SubjectType.Account), clock.Now) is { } reading && Standing.IsWarned(limits, reading, window);
    }

    /// <summary>A list of which not all records are counted passes no limit of records, however large.</summary>
    private void AccuseOfLength(GuardedRequest request, CountedView counted, int length)
    {
        for (var index = 0; index < counted.Count; index++)
        {
            var subject = counted[index].Subject;
            var limit = request.Settings.Limits.LimitsOf(subject.Type).FirstOrDefault(limit => limit.Window.Count == WindowCount.Records);
            if (!counted.IsAllowed || limit is null)
                continue;
            var evidence = table.Read(subject, request.Settings.Limits.WindowsOf(subject.Type), clock.Now)!;
            counted.Accuse(subject.Type, new Finding(Verdict.Block, limit, length, MostInList, clock.Now), evidence);
        }
    }

    /// <summary>Whether an operator let the subject go so recently that it is accused of nothing; under another key its evidence goes now.</summary>
    private bool IsInGrace(GuardedRequest request, SubjectType type)
    {
        var isInGrace = request.Subjects.ByKey.Any(keys => keys[type] is { } subject && blocks.IsInGrace(subject));
        for (var key = 0; isInGrace && request.Subjects.Counted > 1 && key < request.Subjects.Counted; key++)
        {
            if (request.Subjects.ByKey[key][type] is not { } subject)
                continue;
            table.Forget(subject, request.Settings.Limits.WindowsOf(type), clock.Now, isTold: true);
        }

        return isInGrace;
    }

    private void Accuse(GuardedRequest request, CountedView counted, int records)
    {
        var finding = counted.Finding;
        var limit = finding.Limit!;
        var accused = request.Subjects.Keys[counted.Accused!.Value]!.Value;
        if (records > finding.Max && limit.Window.Count == WindowCount.Records && Interlocked.Exchange(ref warnedOfLongList, 1) == 0)
            logger.ListLongerThanLimit(records, limit.Name, finding.Max);
        if (IsInGrace(request, accused.Type))
            return;

        var until = 0L;
        if (finding.Verdict == Verdict.Block)
        {
            var value = accused.Type == SubjectType.Address ? request.Subjects.Address.ToString()! : accused.Token;
            var (block, isNew) = blocker.Block(request.Settings, accused, value, finding, counted.Evidence!);
            until = block.Until;
            if (isNew)
                Announce(block);
        }

        var mode = request.Settings.Options.Mode;
        request.Judge(
            new ScrapeGuardAssessment(finding.Verdict, mode, limit.Name, accused.Type, finding.Count, finding.Max),
            new Refusal(finding.Verdict, limit.Name, accused.Type, until, accused));
        if (mode != ScrapeGuardMode.Enforce)
            return;
        blocks.CountRefusal(accused);
        metrics.Refused(accused.Type);
        if (finding.Verdict == Verdict.StepUp)
            logger.Refused(LogLines.Refused(clock.Now, accused, limit.Name, finding.Verdict, mode));
    }

    private void Announce(Block block)
    {
        metrics.Blocked(block);
        logger.BlockMade(block, block.Mode);
    }
}
