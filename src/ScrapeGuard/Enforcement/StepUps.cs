using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Enforcement;

/// <summary>Step-ups that the portal's page has completed.</summary>
internal sealed class StepUps(SettingsSource settings, SubjectCapture capture, SubjectTable table, GuardClock clock, Sharing sharing, ILogger<StepUps> logger)
{
    private readonly ISharedSubjects? shared = sharing.Subjects;

    /// <summary>Grants the account, else the session, the allowance of a completed step-up, and the session of a granted account with it.</summary>
    public async ValueTask<bool> CompleteAsync(HttpContext context)
    {
        var current = settings.Current;
        var captured = capture.Capture(context, current);
        if ((captured.Keys.Account ?? captured.Keys.Session) is not { } concerned)
            return false;
        SubjectKey[] subjects =
        [
            .. captured.ByKey.Take(captured.Counted).SelectMany(keys => (SubjectKey?[])[keys.Account, keys.Session]).OfType<SubjectKey>(),
        ];
        var everywhere = shared is null ? new bool?[subjects.Length] : await shared.GrantAsync(subjects, current.Limits, current.Options.StepUp);
        var isGranted = false;
        for (var index = 0; index < subjects.Length; index++)
            isGranted |= GrantHere(current, subjects[index], everywhere[index]) && subjects[index].Type == concerned.Type;
        logger.StepUpCompleted(GuardMetrics.TagOf(concerned.Type), concerned.Reference, isGranted ? "granted" : "refused, the day's step-ups are used up");
        return isGranted;
    }

    /// <summary>What all nodes know of the day's step-ups goes before what this one knows.</summary>
    private bool GrantHere(Settings current, SubjectKey subject, bool? everywhere)
    {
        var stepUp = current.Options.StepUp;
        if (everywhere is false)
            return false;
        if (everywhere is true)
            stepUp = new StepUpOptions { Allowance = stepUp.Allowance, Lifetime = stepUp.Lifetime, MaxPerDay = int.MaxValue };
        return table.Grant(subject, current.Limits.WindowsOf(subject.Type), stepUp, clock.Now);
    }
}
