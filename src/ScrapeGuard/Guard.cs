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
    SettingsSource settings, SubjectCapture capture, SessionCookie cookie, Pseudonyms pseudonyms, ViewCounter counter, SubjectTable table,
    BlockList blocks, Blocker blocker, GuardClock clock, GuardMetrics metrics, ILogger<Guard> logger)
{
    private int warnedOfLongList;

    public Settings Settings => settings.Current;

    public GuardClock Clock => clock;

    /// <summary>Begins a request: who asks, and is one of them blocked already?</summary>
    public GuardedRequest Open(HttpContext context, DisplayPageOf page)
    {
        var current = settings.Current;
        var request = new GuardedRequest(this, current, page, capture.Capture(context, current));
        context.Features.Set(request);
        CheckBlocks(request);
        return request;
    }

    /// <summary>Counts one view, or one list of records, and judges it.</summary>
    public async ValueTask<ScrapeGuardAssessment> CountAsync(GuardedRequest request, string kind, IReadOnlyList<string> ids, int views)
    {
        if (request.Assessment.IsRefused)
            return request.Assessment;
        var started = clock.Time.GetTimestamp();
        var records = new ulong[ids.Count];
        for (var index = 0; index < records.Length; index++)
            records[index] = pseudonyms.Record(kind, ids[index]);
        if (records.Length > 1)
            records = [.. records.Distinct()];

        var counted = await counter.CountAsync(request.Settings.Limits, request.Settings.Options.StepUp, request.Subjects.Keys, kind, records, views);
        metrics.Decided(clock.Time.GetElapsedTime(started));
        if (!counted.IsAllowed)
            Accuse(request, counted, records.Length);
        if (views > 0)
            metrics.Viewed(kind, request.Assessment);
        if (request.Assessment.IsRefused && !request.IsAnswered)
            counter.Settle(counted, new Settlement(Outcome.Released));
        else
            request.Counted.Add((kind, records.Length, counted));
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
            counter.Settle(counted, new Settlement(outcome, request.IssuedSession && !request.Subjects.Keys.IsSignedIn ? 1 : 0));
            if (outcome == Outcome.Displayed)
                metrics.Displayed(kind, records);
            request.IssuedSession = false;
        }

        request.Counted.Clear();
    }

    /// <summary>Issues a session with the first page that is shown to a client without one.</summary>
    public void IssueSession(HttpContext context, GuardedRequest request)
    {
        if (request.Subjects.HasSession || request.Settings.Options.Session.From != "Cookie" || request.Assessment.IsRefused)
            return;
        if (OutcomeOf.Response(context, failed: false) != Outcome.Displayed)
            return;
        cookie.Issue(context);
        request.IssuedSession = true;
    }

    public async ValueTask<bool> CompleteStepUpAsync(HttpContext context)
    {
        await Task.CompletedTask;
        var current = settings.Current;
        var subjects = capture.Capture(context, current).Keys;
        var granted = false;
        var concerned = subjects.Account ?? subjects.Session;
        foreach (var subject in (SubjectKey?[])[subjects.Account, subjects.Session])
        {
            if (subject is not { } key)
                continue;
            var done = table.Grant(key, current.Limits.WindowsOf(key.Type), current.Options.StepUp, clock.Now);
            if (key == concerned)
                granted = done;
            if (!granted)
                break;
        }

        return granted;
    }

    private void CheckBlocks(GuardedRequest request)
    {
        var keys = request.Subjects.Keys;
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
            return;
        }
    }

    private bool Reaches(Block block, GuardedRequest request)
    {
        var keys = request.Subjects.Keys;
        if (block.Subject != SubjectType.Address || block.Reach == BlockReach.Everyone || !keys.IsSignedIn)
            return true;
        if (keys.Account is not { } account)
            return false;
        var limits = request.Settings.Limits;
        var window = limits.LimitsOf(SubjectType.Address).FirstOrDefault(limit => limit.Name == block.Cause)?.Window;
        return table.Read(account, limits.WindowsOf(SubjectType.Account), clock.Now) is { } reading && Standing.IsWarned(limits, reading, window);
    }

    private void Accuse(GuardedRequest request, CountedView counted, int records)
    {
        var finding = counted.Finding;
        var limit = finding.Limit!;
        var accused = counted.Accused!.Value;
        if (records > finding.Max && limit.Window.Count == WindowCount.Records && Interlocked.Exchange(ref warnedOfLongList, 1) == 0)
            logger.ListLongerThanLimit(records, limit.Name, finding.Max);
        if (blocks.IsInGrace(accused))
            return;

        var until = 0L;
        if (finding.Verdict == Verdict.Block)
        {
            var value = accused.Type == SubjectType.Address ? request.Subjects.Address! : accused.Token;
            var known = blocks.Last(accused);
            var block = blocker.Block(request.Settings, accused, value, finding, counted.Evidence!);
            if (block is null)
                return;
            until = block.Until;
            if (block != known)
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
