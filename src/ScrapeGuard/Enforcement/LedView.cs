using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Exposure;

namespace ScrapeGuard.Enforcement;

/// <summary>
/// A view that a page of another site may have led somebody to: it accuses nobody. Where it would bring its subjects past half of what they may take, the
/// person is asked to open the page, which is then a view of their own.
/// </summary>
internal static class LedView
{
    /// <summary>Whether the request is led in Enforce. What was shown before it could be counted is not: it would be free.</summary>
    public static bool Is(GuardedRequest request) =>
        request.Settings.Enforces && request.IsFromAnotherSite && UnaskedRequest.IsNavigation(request.Context.Request)
        && !(request.IsAnswered && OutcomeOf.Response(request.Context, failed: false) == Outcome.Displayed);

    /// <summary>Judges that the person is to open the page, which no block and no step-up comes of.</summary>
    public static void TurnAway(GuardedRequest request, CountedView counted)
    {
        var finding = counted.Finding;
        var limit = finding.Limit!;
        var subject = request.Subjects.Keys[counted.Accused!.Value]!.Value;
        var assessment = new ScrapeGuardAssessment(Verdict.StepUp, request.Settings.Options.Mode, limit.Name, subject.Type, finding.Count, finding.Max)
        {
            Explanation = $"Another site led there, past half of what is let through. {limit.Explain(finding.Count, finding.Max)}",
        };
        request.Judge(assessment, new Refusal(Verdict.StepUp, limit.Name, subject.Type, 0, subject) { IsLed = true });
    }
}
