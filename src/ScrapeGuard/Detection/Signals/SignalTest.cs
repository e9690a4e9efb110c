using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection.Signals;

/// <summary>One statistic of a signal with its two thresholds.</summary>
/// <param name="Statistic">What it is called.</param>
/// <param name="Per">Whom it is held against.</param>
/// <param name="Window">What it is read from.</param>
/// <param name="StepUpAt">The most without a step-up; 0 where the subject knows none.</param>
/// <param name="BlockAt">The most without a block.</param>
/// <param name="WarnedAt">From here on an account is warned; 0 where nobody is.</param>
/// <param name="RaisedBy">What is added where several accounts share the address.</param>
internal readonly record struct SignalTest(
    string Statistic, SubjectType Per, Window Window, double StepUpAt, double BlockAt, double WarnedAt = 0, double RaisedBy = 0)
{
    /// <summary>The same with every threshold divided by a sensitivity.</summary>
    public SignalTest At(double sensitivity) => this with
    {
        StepUpAt = StepUpAt / sensitivity,
        BlockAt = BlockAt / sensitivity,
        WarnedAt = WarnedAt / sensitivity,
        RaisedBy = RaisedBy / sensitivity,
    };
}
