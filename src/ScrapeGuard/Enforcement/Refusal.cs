using ScrapeGuard.Counting;

namespace ScrapeGuard.Enforcement;

/// <summary>Why a view is refused.</summary>
/// <param name="Verdict">StepUp or Block.</param>
/// <param name="Cause">The limit.</param>
/// <param name="Subject">The subject that is refused.</param>
/// <param name="Until">The end of the block, in milliseconds, by the clock without its correction; 0 for a step-up.</param>
/// <param name="Key">The subject as counting knows it.</param>
internal sealed record Refusal(Verdict Verdict, string Cause, SubjectType Subject, long Until, SubjectKey Key)
{
    /// <summary>Whether another site led to the view, so that the person is asked to open the page and nothing else.</summary>
    public bool IsLed { get; init; }

    /// <summary>What the person may tell the help desk.</summary>
    public string Reference { get; } = Key.Reference;
}
