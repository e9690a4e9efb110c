using Microsoft.AspNetCore.Http;
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

    public List<(string Kind, int Records, CountedView View)> Counted { get; } = new(1);

    /// <summary>Whether the page itself was counted.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Whether the response is out already, so that what is counted now can be refused no more.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether the client has a session by the end of the request.</summary>
    public bool HasSession { get; set; } = subjects.HasSession;

    /// <summary>Whether a session was issued that is not charged yet.</summary>
    public bool IssuedSession { get; set; }

    /// <summary>How long the request has waited for what nodes share: spent of what it may wait for Redis.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>Whether the next decision is the first of the request, and so includes the wait for the blocks of the other nodes.</summary>
    public bool IsFirstDecision { get; set; } = true;

    /// <summary>Counts the page with the records it is about to show.</summary>
    public ValueTask<ScrapeGuardAssessment> CountPageAsync(HttpContext context, IEnumerable<object?> records)
    {
        IsCounted = true;
        var page = Page.Page!;
        string[] ids = HttpMethods.IsHead(context.Request.Method)
            ? []
            : [.. records.SelectMany(RecordText.Each).Select(record => RecordText.Of(record, page.Identity)).OfType<string>().Distinct()];
        return Guard.CountAsync(this, page.Kind, ids, 1);
    }

    /// <summary>Keeps the strictest judgement: one that refuses before one that was only observed, then by verdict.</summary>
    public void Judge(ScrapeGuardAssessment assessment, Refusal refusal)
    {
        if ((assessment.IsRefused, assessment.Verdict).CompareTo((Assessment.IsRefused, Assessment.Verdict)) < 0)
            return;
        Assessment = assessment;
        Refusal = refusal;
    }
}

/// <summary>The display page of a request; without a page, the request only counts lists.</summary>
internal readonly record struct DisplayPageOf(IDisplayPageMetadata? Page);
