using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
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

    private readonly ISharedSubjects? shared = sharing.Subjects;
    private readonly ISharedBlocks? sharedBlocks = sharing.Blocks;
    private int warnedOfLongList;

    public Settings Settings => settings.Current;

    public GuardClock Clock => clock;

    /// <summary>Begins a request: who asks, and is one of them blocked already?</summary>
    public async ValueTask<GuardedRequest> OpenAsync(HttpContext context, DisplayPageOf page)
    {
        var current = settings.Current;
        var request = new GuardedRequest(this, current, page, capture.Capture(context, current));
        context.Features.Set(request);
        if (sharedBlocks is { IsRead: false })
        {
            var started = clock.Time.GetTimestamp();
            await sharedBlocks.WhenReadAsync();
            request.Waited = clock.Time.GetElapsedTime(started);
        }

        CheckBlocks(request);
        return request;
    }

    /// <summary>Counts one view, or one list of records, and judges it.</summary>
    public async ValueTask<ScrapeGuardAssessment> CountAsync(GuardedRequest request, string kind, IReadOnlyList<string> ids, int views)
    {
        if (request.Assessment.IsRefused)
            return request.Assessment;
        var started = clock.Time.GetTimestamp();
        var length = ids.Count;
        var view = ViewOf(request, kind, length > MostInList ? [.. ids.Take(MostInList)] : ids, views);
        var patience = request.Settings.Options.Redis.Timeout - request.Waited;
        var counted = await counter.CountAsync(request.Settings.Limits, request.Settings.Options.StepUp, view, patience);
        var took = clock.Time.GetElapsedTime(started);
        metrics.Decided(request.IsFirstDecision ? request.Waited + took : took);
        request.IsFirstDecision = false;
        if (shared is not null)
            request.Waited += took;
        if (length > MostInList)
            AccuseOfLength(request, counted, length);
        if (!counted.IsAllowed)
            Accuse(request, counted, length);
        if (views > 0)
            metrics.Viewed(kind, request.Assessment);
        if (request.Assessment.IsRefused && !request.IsAnswered)
            counter.Settle(counted, new Settlement(Outcome.Released));
        else
            request.Counted.Add((kind, view.Records[0].Length, counted));
        return request.Assessment;
    }

    /// <summary>Ends a request by what its response was.</summary>
    public void Settle(GuardedRequest request, Outcome outcome)
    {
        // A page that is refused for its list counts nowhere, whatever the status of the refusal.
        if (request.Assessment.IsRefused && !request.IsAnswered && outcome != Outcome.Displayed)
            outcome = Outcome.Released;
        foreach (var (kind, records, counted) in request.Counted)
        {
            var settlement = new Settlement(outcome, request.IssuedSession ? 1 : 0)
            {
                MostRecords = request.Settings.Options.Exposure.MaxRecords,
            };
            counter.Settle(counted, settlement);
            if (outcome == Outcome.Displayed)
                metrics.Displayed(kind, records);
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

    private static PageView ViewOf(GuardedRequest request, string kind, IReadOnlyList<string> ids, int views)
    {
        var subjects = request.Subjects;
        var records = new ulong[subjects.Counted][];
        for (var key = 0; key < records.Length; key++)
        {
            var fingerprints = new ulong[ids.Count];
            for (var index = 0; index < fingerprints.Length; index++)
                fingerprints[index] = subjects.Generations[key].Record(kind, ids[index]);
            records[key] = fingerprints.Length > 1 ? [.. fingerprints.Distinct()] : fingerprints;
        }

        return new PageView(kind, subjects.ByKey.AsSpan(0, records.Length).ToArray(), records, subjects.Address, views);
    }

    private void CheckBlocks(GuardedRequest request)
    {
        foreach (var keys in request.Subjects.ByKey)
        {
            if (CheckBlocks(request, keys))
                return;
        }
    }

    private bool CheckBlocks(GuardedRequest request, ViewSubjects keys)
    {
        foreach (var subject in (ReadOnlySpan<SubjectKey?>)[keys.Account, keys.Session, keys.Address])
        {
            if (subject is not { } key || blocks.Find(key) is not { } block || !Reaches(block, request))
                continue;
            var mode = block.Mode == ScrapeGuardMode.Enforce ? request.Settings.Options.Mode : ScrapeGuardMode.Observe;
            request.Judge(new ScrapeGuardAssessment(Verdict.Block, mode, block.Cause, key.Type), new Refusal(
                Verdict.Block, block.Cause, key.Type, block.Until, key.Reference));
            if (mode != ScrapeGuardMode.Enforce)
                continue;
            blocks.CountRefusal(key);
            metrics.Refused(key.Type);
            return true;
        }

        return false;
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
        foreach (var subject in counted.Reservations.Select(reservation => reservation.Subject))
        {
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
            table.Forget(subject);
            _ = shared?.ForgetAsync(subject).AsTask();
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
            var value = accused.Type == SubjectType.Address ? request.Subjects.Address! : accused.Token;
            var (block, isNew) = blocker.Block(request.Settings, accused, value, finding, counted.Evidence!);
            until = block.Until;
            if (isNew)
                Announce(block);
        }

        var mode = request.Settings.Options.Mode;
        request.Judge(
            new ScrapeGuardAssessment(finding.Verdict, mode, limit.Name, accused.Type, finding.Count, finding.Max),
            new Refusal(finding.Verdict, limit.Name, accused.Type, until, accused.Reference));
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
