using ScrapeGuard.Counting;

namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>What the logs tell of one subject: what it asked for, when it would have been stopped, and what it was shown before.</summary>
internal sealed class Tally(string name, RecordBudget budget)
{
    /// <summary>The address as in the log, or the prefix where several of one were seen; <c>account:NAME</c>, <c>session:ID</c>.</summary>
    public string Name { get; set; } = name;

    /// <summary>The program it used first; when it drew a verdict, then.</summary>
    public string? UserAgent { get; private set; }

    public int Views { get; private set; }

    public int Misses { get; private set; }

    /// <summary>The records that the logs show it took; and of them, what it would have been shown, and what would have been kept from it.</summary>
    public RecordSet Records { get; } = new(budget);

    /// <summary>The first step-up; null for none.</summary>
    public Accusation? StepUp { get; private set; }

    /// <summary>The first block; null for none.</summary>
    public Accusation? Block { get; private set; }

    /// <summary>Whichever came first.</summary>
    public Accusation? First => StepUp is null || Block?.At < StepUp.At ? Block ?? StepUp : StepUp;

    /// <summary>The strictest.</summary>
    public Verdict Verdict => Block is not null ? Verdict.Block : StepUp is not null ? Verdict.StepUp : Verdict.Allow;

    /// <summary>Whether it was given up for others, and its figures begin anew elsewhere.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>Counts a view, after it was judged.</summary>
    /// <param name="view">The view.</param>
    /// <param name="assessment">How it was judged.</param>
    /// <param name="isAccused">Whether it was this subject that was refused.</param>
    public void Count(in LoggedView view, ScrapeGuardAssessment assessment, bool isAccused)
    {
        if (isAccused && assessment.Verdict != Verdict.Allow)
            Accuse(view, assessment);
        if (Views == 0)
            UserAgent ??= view.UserAgent;
        if (view.Outcome == Outcome.Released)
            return;
        Views++;
        if (view.Outcome == Outcome.Missed)
            Misses++;
        else if (view.Outcome == Outcome.Displayed && view.Page.Record is not null)
            Records.Add(view.Page.Fingerprint, shown: !assessment.IsRefused, refused: isAccused);
    }

    public void Forget()
    {
        IsForgotten = true;
        Records.Clear();
    }

    private void Accuse(in LoggedView view, ScrapeGuardAssessment assessment)
    {
        if (assessment.Verdict == Verdict.Block ? Block is not null : StepUp is not null)
            return;
        if (First is null)
            UserAgent = view.UserAgent ?? UserAgent;
        var accusation = new Accusation(assessment.Cause ?? "", new DateTimeOffset(view.At, TimeSpan.Zero), Records.Shown, Views);
        if (assessment.Verdict == Verdict.Block)
            Block = accusation;
        else
            StepUp = accusation;
    }
}
