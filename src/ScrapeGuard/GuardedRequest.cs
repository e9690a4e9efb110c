using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;

namespace ScrapeGuard;

/// <summary>One request on its way: what it asks for, who asks, how it was judged and what is to be settled.</summary>
internal sealed class GuardedRequest(Guard guard, Settings settings, DisplayPageOf page, CapturedSubjects subjects)
{
    public Guard Guard { get; } = guard;

    public Settings Settings { get; } = settings;

    public DisplayPageOf Page { get; } = page;

    public CapturedSubjects Subjects { get; } = subjects;

    public ScrapeGuardAssessment Assessment { get; private set; } = new(Verdict.Allow, settings.Options.Mode);

    public Refusal? Refusal { get; private set; }

    public List<(string Kind, CountedView View)> Counted { get; } = new(1);

    /// <summary>Whether the page itself was counted.</summary>
    public bool IsCounted { get; set; }

    public bool IssuedSession { get; set; }

    /// <summary>How long the request waited for the blocks of the other nodes: spent of what it may wait for Redis.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>Keeps the strictest judgement.</summary>
    public void Judge(ScrapeGuardAssessment assessment, Refusal refusal)
    {
        if (assessment.Verdict < Assessment.Verdict)
            return;
        Assessment = assessment;
        Refusal = refusal;
    }
}

/// <summary>The display page of a request; without a page, the request only counts lists.</summary>
internal readonly record struct DisplayPageOf(IDisplayPageMetadata? Page);
