using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Enforcement;

/// <summary>
/// Accuses the narrowest subject of a view that asks for a record that exists for nobody, unless it may have been led there; and tells operators of it in any
/// case, of the same thing once for as long as a block lasts.
/// </summary>
internal sealed class CanaryWatch(BlockList blocks, SubjectTable table, GuardClock clock, ILogger<CanaryWatch> logger)
{
    private readonly ToldBefore<(SubjectKey? Subject, string Kind, string Result)> told = new(64);

    /// <param name="request">The request.</param>
    /// <param name="counted">Its view, which asks for a canary. A limit that accuses it as well gives way, but for a stricter verdict.</param>
    public void Accuse(GuardedRequest request, CountedView counted)
    {
        counted.AsksForCanary = false;
        var accused = AccusedOf(request.Subjects);
        var result = PardonOf(request, accused) ?? Accuse(request, counted, accused!.Value);
        var quiet = (long)request.Settings.Options.Blocks.Duration.TotalMilliseconds;
        var subject = accused ?? ExemptAccountOf(request.Subjects);
        if (told.IsNews((subject, counted.Kind, result), clock.Now, quiet))
            logger.CanaryAskedFor(counted.Kind, GuardMetrics.TagOf(subject?.Type ?? SubjectType.Address), subject?.Reference ?? "that is exempt", result);
    }

    private string Accuse(GuardedRequest request, CountedView counted, SubjectKey accused)
    {
        // For a day after a rotation the older key is judged, and knows more.
        var settings = request.Settings;
        var judged = request.Subjects.ByKey[request.Subjects.Counted - 1][accused.Type]!.Value;
        var windows = settings.Limits.WindowsOf(accused.Type);
        var evidence = table.Read(judged, windows, clock.Now) ?? SubjectReading.None(windows);
        var finding = settings.Canary!.Judge(counted.Kind, accused.Type, settings.Options.StepUp, evidence);
        if (finding.Verdict == Verdict.Allow)
            return "nothing is done about it, as Signals:Canary:Verdict says";
        if (finding.Verdict >= counted.Finding.Verdict)
            counted.Accuse(accused.Type, finding, evidence);
        return settings.Enforces ? $"{finding.Verdict}" : $"{finding.Verdict}, not carried out in Observe";
    }

    /// <summary>Why nobody is accused; null where somebody is.</summary>
    private string? PardonOf(GuardedRequest request, SubjectKey? accused)
    {
        if (accused is not { } subject)
            return "nothing is done about it, as no limit applies there";
        if (request.IsFromAnotherSite)
            return "nothing is done about it, as another site led there";
        return request.Subjects.ByKey.Any(keys => keys[subject.Type] is { } known && blocks.IsInGrace(known))
            ? "nothing is done about it, as an operator has just lifted a block"
            : null;
    }

    /// <summary>The narrowest subject; null for one that no limit applies to. What an exempt account does is charged to no address either.</summary>
    private static SubjectKey? AccusedOf(CapturedSubjects subjects)
    {
        ref readonly var keys = ref subjects.Keys;
        return keys.IsExemptAccount ? null : keys.Account ?? keys.Session ?? keys.Address;
    }

    private static SubjectKey? ExemptAccountOf(CapturedSubjects subjects) =>
        subjects.Account is { } account ? subjects.Generations[0].Subject(SubjectType.Account, account) : null;
}
