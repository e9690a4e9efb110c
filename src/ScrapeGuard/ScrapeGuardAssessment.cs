namespace ScrapeGuard;

/// <summary>How a view was judged.</summary>
/// <param name="Verdict">What the view deserves.</param>
/// <param name="Mode">Whether the verdict was carried out (Enforce) or only recorded (Observe).</param>
/// <param name="Cause">The limit that was exceeded; null for Allow.</param>
/// <param name="Subject">The subject that exceeded it; null for Allow.</param>
/// <param name="Count">What the limit counted, this view included.</param>
/// <param name="Max">The most that the limit lets through.</param>
public sealed record ScrapeGuardAssessment(
    Verdict Verdict, ScrapeGuardMode Mode, string? Cause = null, SubjectType? Subject = null, int Count = 0, int Max = 0)
{
    /// <summary>
    /// What the verdict goes by, and how far the subject is from everything else that it is held against; null for Allow, and for a view refused by a block that
    /// was made before. For operators: it tells thresholds, which no client should learn.
    /// </summary>
    public string? Explanation { get; init; }

    /// <summary>Whether the view must not be shown: a verdict other than Allow, in Enforce.</summary>
    public bool IsRefused => Verdict != Verdict.Allow && Mode == ScrapeGuardMode.Enforce;
}
