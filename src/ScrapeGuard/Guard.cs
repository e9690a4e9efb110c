using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection.Signals;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Exposure;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard;

/// <summary>The way of a view, stage by stage: enforcement of blocks, counting, detection, enforcement of the verdict, settling.</summary>
internal sealed partial class Guard(
    SettingsSource settings, SubjectCapture capture, SessionCookie cookie, BlockCheck blocks, ViewCounter counter, Accuser accuser, GuardClock clock,
    GuardMetrics metrics, Sharing sharing, CanaryWatch canaries, ConcentrationSignal concentration)
{
    /// <summary>The most records counted at once: more would keep Redis from answering others for tens of milliseconds.</summary>
    private const int MostInList = 1000;

    private const long NotTimed = 0;

    private readonly bool isAwaited = sharing.Subjects is { IsAwaited: true };
    private readonly ISharedBlocks? sharedBlocks = sharing.Blocks;
    private readonly DefaultObjectPool<GuardedRequest> requests = new(new DefaultPooledObjectPolicy<GuardedRequest>());

    public Settings Settings => settings.Current;

    public GuardClock Clock => clock;

    /// <summary>Counts one view, or one list of records, and judges it.</summary>
    public ValueTask<ScrapeGuardAssessment> CountAsync(GuardedRequest request, CountedView view, int length)
    {
        if (request.Assessment.IsRefused)
            return new ValueTask<ScrapeGuardAssessment>(request.Assessment);
        (view.IsObserved, view.IsLed) = (!request.Settings.Enforces, LedView.Is(request));
        var started = isAwaited || metrics.IsTimed ? clock.Time.GetTimestamp() : NotTimed;
        var patience = request.Settings.Options.Redis.Timeout - request.Waited;
        var counting = counter.CountAsync(request.Settings.Limits, request.Settings.Options.StepUp, view, request.Subjects, patience);
        return counting.IsCompletedSuccessfully
            ? new ValueTask<ScrapeGuardAssessment>(Judge(request, view, length, started))
            : CountLateAsync(request, view, length, started, counting);
    }

    /// <summary>Counts the records of a list, by their canonical ids without repeats. A HEAD shows none of them.</summary>
    public ValueTask<ScrapeGuardAssessment> CountListAsync(GuardedRequest request, string kind, IReadOnlyList<string> ids, int views)
    {
        var view = new CountedView();
        view.Begin(kind, views);
        if (request.Settings.Canary is { } canary)
        {
            var identity = request.IdentityOf(kind);
            view.AsksForCanary = ids.Any(id => canary.Holds(kind, id, identity));
        }

        if (HttpMethods.IsHead(request.Context.Request.Method))
            ids = [];
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
                Tell(request, view);
            if (view.AsksForCanary && outcome is Outcome.Displayed or Outcome.Missed)
                AccuseOfCanary(request, view);
            request.IssuedSession = false;
        }

        request.Counted.Clear();
    }

    /// <summary>Issues a session with the first page that is shown to a client without one.</summary>
    public void IssueSession(HttpContext context, GuardedRequest request)
    {
        if (request.HasSession || !request.Settings.Session.IsOwn || request.Assessment.IsRefused || context.Response.HasStarted)
            return;
        if (OutcomeOf.Response(context, failed: false) != Outcome.Displayed)
            return;
        cookie.Issue(context, sharing.Subjects is null ? null : request.Subjects.Keys.Account);
        request.HasSession = request.IssuedSession = true;
    }

    /// <summary>When the response is complete, nobody looks at the request any more.</summary>
    private static Task Complete(object state)
    {
        var request = (GuardedRequest)state;
        if (request.Counted.Count > 0)
            request.Guard.Settle(request, OutcomeOf.Response(request.Context, failed: false));
        request.Forget();
        request.End();
        request.Guard.requests.Return(request);
        return Task.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ScrapeGuardAssessment> CountLateAsync(GuardedRequest request, CountedView view, int length, long started, ValueTask counting)
    {
        await counting;
        return Judge(request, view, length, started);
    }

    private ScrapeGuardAssessment Judge(GuardedRequest request, CountedView view, int length, long started)
    {
        if (started != NotTimed)
            Time(request, started);
        if (length > MostInList)
            accuser.AccuseOfLength(request, view, length, MostInList);
        if (view.AsksForCanary && !PendingAuthorization.MayChallenge(request))
            canaries.Accuse(request, view);
        var isTurnedAway = view.IsLed && !view.IsAllowed;
        if (isTurnedAway)
            LedView.TurnAway(request, view);
        else if (!view.IsAllowed)
            accuser.Accuse(request, view, length);
        if (view.Views > 0 && !isTurnedAway)
            metrics.Viewed(view.Kind, request.Assessment);
        if (isTurnedAway || (request.Assessment.IsRefused && !request.IsAnswered))
            counter.Settle(view, new Settlement(Outcome.Released));
        else
            request.Counted.Add(view);
        return request.Assessment;
    }

    /// <summary>A canary that was asked for before authorization accuses once it turns out that nobody had to sign in.</summary>
    private void AccuseOfCanary(GuardedRequest request, CountedView view)
    {
        canaries.Accuse(request, view);
        if (!view.IsAllowed)
            accuser.Accuse(request, view, view.Records[0].Length);
    }

    /// <summary>Tells whoever keeps figures of all that is displayed.</summary>
    private void Tell(GuardedRequest request, CountedView view)
    {
        metrics.Displayed(view.Kind, view.Records[0].Length);
        if (view.Novel > 0 && request.Subjects.Keys.TryGet(SubjectType.Address, out var address))
            concentration.Add(address.Fingerprint, request.Subjects.Address, view.Novel, view.At);
    }

    private void Time(GuardedRequest request, long started)
    {
        var took = clock.Time.GetElapsedTime(started);
        metrics.Decided(request.IsFirstDecision ? request.Waited + took : took);
        request.IsFirstDecision = false;
        if (isAwaited)
            request.Waited += took;
    }
}
