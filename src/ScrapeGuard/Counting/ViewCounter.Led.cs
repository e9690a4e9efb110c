using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>Views that another site led to.</summary>
internal sealed partial class ViewCounter
{
    /// <summary>Such a view marks nobody as asked, and is let through by nothing but what is far from every limit.</summary>
    private void JudgeLed(LimitSet limits, CountedView view, SubjectReservation reservation, SubjectCounts counts)
    {
        var type = reservation.Subject.Type;
        var evidence = table.Read(reservation, counts);
        var finding = HalfWay.Judge(limits.LimitsOf(type), evidence, counts, reservation.Charge);
        if (finding.Verdict != Verdict.Allow)
            view.Accuse(type, finding, evidence);
    }
}
