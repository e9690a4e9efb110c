using System.Collections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Exposure;

namespace ScrapeGuard;

/// <summary>One request on its way: what it asks for, who asks, how it was judged and what is to be settled. Used again once its response is complete.</summary>
internal sealed class GuardedRequest
{
    private static readonly ScrapeGuardAssessment[] Allowed = [.. Enum.GetValues<ScrapeGuardMode>().Select(mode => new ScrapeGuardAssessment(Verdict.Allow, mode))];

    private readonly CountedView page = new();
    private readonly ulong[] oneRecord = new ulong[1];
    private readonly ulong[] oneRecordBefore = new ulong[1];
    private IFeatureCollection? features;
    private bool? isFromAnotherSite;

    public GuardedRequest() => Wait = new PageWait(this);

    /// <summary>Waits for the page.</summary>
    public PageWait Wait { get; }

    public Guard Guard { get; private set; } = null!;

    public Settings Settings { get; private set; } = null!;

    /// <summary>The display page; null for a request that only counts lists.</summary>
    public IDisplayPageMetadata? Page { get; private set; }

    public HttpContext Context { get; private set; } = null!;

    public CapturedSubjects Subjects { get; } = new();

    public ScrapeGuardAssessment Assessment { get; private set; } = Allowed[0];

    public Refusal? Refusal { get; private set; }

    /// <summary>The views that were counted and are not settled yet.</summary>
    public List<CountedView> Counted { get; } = new(1);

    /// <summary>Whether the page itself was counted.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Whether the response is out already, so that what is counted now can be refused no more.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether the client has a session by the end of the request.</summary>
    public bool HasSession { get; set; }

    /// <summary>Whether a session was issued that is not charged yet.</summary>
    public bool IssuedSession { get; set; }

    /// <summary>How long the request has waited for what nodes share: spent of what it may wait for Redis.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>Whether the next decision is the first of the request, and so includes the wait for the blocks of the other nodes.</summary>
    public bool IsFirstDecision { get; set; }

    /// <summary>Whether a browser says that a page of another site made it ask; false where there is no request.</summary>
    public bool IsFromAnotherSite => Context is not null && (isFromAnotherSite ??= UnaskedRequest.IsFromAnotherSite(Context.Request));

    public void Begin(Guard guard, HttpContext context, Settings settings, IDisplayPageMetadata? display, bool? isFromAnotherSite = null)
    {
        Begin(guard, settings);
        (Context, Page) = (context, display);
        this.isFromAnotherSite = isFromAnotherSite;
        features = context.Features;
    }

    /// <summary>Begins a view that no request asks for: one of a log, say.</summary>
    public void Begin(Guard guard, Settings settings)
    {
        (Guard, Settings) = (guard, settings);
        Assessment = Allowed[(int)settings.Options.Mode];
        Refusal = null;
        (IsCounted, IsAnswered, HasSession, IssuedSession, IsFirstDecision) = (false, false, false, false, true);
        Waited = TimeSpan.Zero;
        Counted.Clear();
    }

    /// <summary>Has whoever looks later find nothing: not another client's request, for which this one is used next. The context itself may be gone.</summary>
    public void Forget()
    {
        if (features is not null)
            RequestFeatures.SetGuarded(features, null);
        features = null;
    }

    /// <summary>Keeps nothing alive that belongs to a request.</summary>
    public void End()
    {
        (Context, Refusal, isFromAnotherSite) = (null!, null, null);
        Counted.Clear();
        Subjects.End();
        page.Clear();
    }

    /// <summary>What is identity among records of a kind: as the display page says, if it is of that kind.</summary>
    public RecordIdentity IdentityOf(string kind) => Page is { } display && display.Kind == kind ? display.Identity : RecordIdentity.Canonical;

    /// <summary>Counts the page with the record it is about to show.</summary>
    public ValueTask<ScrapeGuardAssessment> CountPageAsync(object? record)
    {
        if (record is IEnumerable and not string)
            return CountPageOfSeveralAsync([record]);
        return CountRecordAsync(Page!.Kind, RecordText.Of(record, Page.Identity), isShown: !HttpMethods.IsHead(Context.Request.Method));
    }

    /// <summary>Counts a view of one record, by its canonical id.</summary>
    /// <param name="kind">The kind of the record.</param>
    /// <param name="text">Its id; null for a view of none.</param>
    /// <param name="isShown">Whether the record is asked for to be shown; not so by a HEAD.</param>
    public ValueTask<ScrapeGuardAssessment> CountRecordAsync(string kind, string? text, bool isShown = true)
    {
        IsCounted = true;
        Guard.Prefetch(this);
        page.Begin(kind, 1);
        page.AsksForCanary = text is not null && Settings.Canary is { } canary && canary.Holds(kind, text, IdentityOf(kind));
        if (!isShown)
            text = null;
        page.Number = RecordText.NumberOf(text);
        for (var key = 0; key < Subjects.Counted; key++)
        {
            if (text is null)
            {
                page.Records[key] = [];
                continue;
            }

            page.Records[key] = key == 0 ? oneRecord : oneRecordBefore;
            page.Records[key][0] = Subjects.Generations[key].Record(page.Kind, text);
        }

        return Guard.CountAsync(this, page, text is null ? 0 : 1);
    }

    /// <summary>Counts the page with all the records it may be about to show.</summary>
    public ValueTask<ScrapeGuardAssessment> CountPageOfSeveralAsync(IReadOnlyList<object?> records)
    {
        if (records.Count == 1 && records[0] is not IEnumerable or string)
            return CountPageAsync(records[0]);
        IsCounted = true;
        string[] ids = [.. records.SelectMany(RecordText.Each).Select(record => RecordText.Of(record, Page!.Identity)).OfType<string>().Distinct()];
        return Guard.CountListAsync(this, Page!.Kind, ids, 1);
    }

    /// <summary>Keeps the strictest judgement: one that refuses before one that was only observed, then by verdict.</summary>
    public void Judge(ScrapeGuardAssessment assessment, Refusal refusal)
    {
        if (assessment.IsRefused != Assessment.IsRefused ? Assessment.IsRefused : assessment.Verdict < Assessment.Verdict)
            return;
        Assessment = assessment;
        Refusal = refusal;
    }

    /// <summary>Judges as strictly as can be.</summary>
    public void Refuse(ScrapeGuardAssessment assessment, Refusal refusal) => (Assessment, Refusal) = (assessment, refusal);
}
