using ScrapeGuard.Counting;

namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>Has the engine judge views in the order of their time, and keeps the figures.</summary>
/// <param name="configure">Changes the default settings.</param>
/// <param name="tallies">Where the figures go.</param>
internal sealed class LogJudge(Action<ScrapeGuardOptions> configure, TallyTable tallies) : IDisposable
{
    private OfflineGuard? guard;
    private int prefixLength;
    private long now;

    public TallyTable Tallies => tallies;

    /// <summary>The views judged; a challenge to sign in is none.</summary>
    public long Views { get; private set; }

    /// <summary>The time of the first view.</summary>
    public DateTimeOffset? First { get; private set; }

    /// <summary>The time of the last one.</summary>
    public DateTimeOffset? Last => First is null ? null : new DateTimeOffset(now, TimeSpan.Zero);

    /// <summary>Whether a later view was judged already, and this one can be judged no more.</summary>
    public bool IsTooLate(in LoggedView view) => view.At < now;

    public void Take(in LoggedView view)
    {
        var at = new DateTimeOffset(view.At, TimeSpan.Zero);
        if (guard is null)
            Begin(at);
        if (view.Outcome != Outcome.Released)
            Views++;
        if (view.At > now)
            guard!.MoveTo(at);
        now = view.At;
        var (assessment, _) = guard!.View(new OfflineView(
            view.Client.Address, view.Account, view.Session, view.Page.Kind, view.IsHead ? null : view.Page.Record, view.Outcome));
        Count(view, assessment);
    }

    public void Dispose() => guard?.Dispose();

    private void Begin(DateTimeOffset at)
    {
        guard = new OfflineGuard(configure, at);
        prefixLength = guard.Settings.Options.Address.IPv6PrefixLength;
        (First, now) = (at, at.Ticks);
    }

    private void Count(in LoggedView view, ScrapeGuardAssessment assessment)
    {
        if (view.Outcome == Outcome.Released && assessment.Verdict == Verdict.Allow)
            return;
        if (view.Account is { } account)
            tallies.Of(SubjectType.Account, account).Count(view, assessment, assessment.Subject == SubjectType.Account);
        if (view.Session is { } session)
            tallies.Of(SubjectType.Session, session).Count(view, assessment, assessment.Subject == SubjectType.Session);
        tallies.Of(view.Client, prefixLength).Count(view, assessment, assessment.Subject == SubjectType.Address);
    }
}
