namespace ScrapeGuard.Counting;

/// <summary>Views of numbers that many read one after the other.</summary>
internal sealed partial class ViewCounter
{
    /// <summary>Whether the view continues a sweep. It is seen as its address's: colleagues share their place's files.</summary>
    private bool ContinuesSweep(CountedView view, IViewedBy subjects, in SubjectKey subject)
    {
        if (sweeps is null || view.Number < 0 || subjects[0].Address is not { } address)
            return false;
        view.FindPlace(subjects);
        view.From = address.Fingerprint;
        sweeps.Prefetch(view.Place);
        return sweeps.Continues(view.Place, view.From, subject.Fingerprint, view.At);
    }

    /// <summary>Who has part in a sweep with a view; 0 for nobody.</summary>
    private static ulong PartOf(CountedView view, Outcome outcome)
    {
        for (var index = 0; outcome == Outcome.Displayed && index < view.Count; index++)
        {
            if ((view[index].Charge & view[index].Windows.Swept) != 0)
                return view[index].Subject.Fingerprint;
        }

        return 0;
    }
}
