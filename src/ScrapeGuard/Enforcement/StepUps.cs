using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Enforcement;

/// <summary>Step-ups that the portal's page has completed.</summary>
internal sealed class StepUps(
    SettingsSource settings, SubjectCapture capture, SubjectTable table, BlockList blocks, GuardClock clock, Sharing sharing, ILogger<StepUps> logger)
{
    private readonly ISharedSubjects? shared = sharing.Subjects;

    /// <summary>Grants the account, else the session, the allowance of a completed step-up, and the session of a granted account with it.</summary>
    public ValueTask<bool> CompleteAsync(HttpContext context)
    {
        var captured = new CapturedSubjects();
        capture.Capture(context, settings.Current, captured);
        return CompleteAsync(captured);
    }

    /// <summary>The same for subjects that are captured already.</summary>
    public async ValueTask<bool> CompleteAsync(CapturedSubjects captured)
    {
        var current = settings.Current;
        if ((captured.Keys.Account ?? captured.Keys.Session) is not { } concerned)
            return false;
        SubjectKey[] subjects =
        [
            .. captured.ByKey.Take(captured.Counted).SelectMany(keys => (SubjectKey?[])[keys.Account, keys.Session]).OfType<SubjectKey>(),
        ];

        if (current.Enforces && subjects.Any(subject => blocks.Find(subject) is { Mode: ScrapeGuardMode.Enforce }))
        {
            logger.StepUpCompleted(GuardMetrics.TagOf(concerned.Type), concerned.Reference, "refused, a step-up lifts no block");
            return false;
        }

        // First what the other nodes know of the day's step-ups, then to them what is granted here.
        if (shared is not null)
            await shared.ExchangeAsync(subjects, current.Options.Redis.Timeout);
        var isGranted = Grant(subjects.Where(subject => subject.Type == concerned.Type), current);
        var sessions = subjects.Where(subject => subject.Type != concerned.Type).ToArray();
        if (isGranted)
            Grant(sessions, current);
        else
            UseUp(sessions, current);

        if (shared is not null)
            await shared.ExchangeAsync(subjects, current.Options.Redis.Timeout);
        logger.StepUpCompleted(GuardMetrics.TagOf(concerned.Type), concerned.Reference, isGranted ? "granted" : "refused, the day's step-ups are used up");
        return isGranted;
    }

    /// <summary>Where those of the account are used up, those of its session are too: else it would be asked for what it cannot complete.</summary>
    private void UseUp(SubjectKey[] sessions, Settings current)
    {
        var nothing = new StepUpOptions { Allowance = 0, Lifetime = current.Options.StepUp.Lifetime, MaxPerDay = current.Options.StepUp.MaxPerDay };
        foreach (var session in sessions)
        {
            while (table.Grant(session, current.Limits.WindowsOf(session.Type), nothing, clock.Now))
            {
            }
        }
    }

    private bool Grant(IEnumerable<SubjectKey> subjects, Settings current)
    {
        var isGranted = false;
        foreach (var subject in subjects)
            isGranted |= table.Grant(subject, current.Limits.WindowsOf(subject.Type), current.Options.StepUp, clock.Now);
        return isGranted;
    }
}
