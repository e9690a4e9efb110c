using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>A view that was counted: what is reserved for it and how it was judged.</summary>
internal sealed class CountedView
{
    /// <summary>The reservations that the outcome of the view will settle.</summary>
    public List<SubjectReservation> Reservations { get; } = new(3);

    public Finding Finding { get; private set; }

    /// <summary>The type of the subject that <see cref="Finding"/> accuses; null for Allow.</summary>
    public SubjectType? Accused { get; private set; }

    /// <summary>What is known of the accused.</summary>
    public SubjectReading? Evidence { get; private set; }

    /// <summary>Records novel to the account, else the session, else the address.</summary>
    public int Novel { get; set; }

    public bool IsAllowed => Finding.Verdict == Verdict.Allow;

    public void Accuse(SubjectType subject, Finding finding, SubjectReading evidence) => (Accused, Finding, Evidence) = (subject, finding, evidence);

    public void Acquit() => (Accused, Finding, Evidence) = (null, Finding.Allow, null);
}
