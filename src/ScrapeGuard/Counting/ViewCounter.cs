using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>
/// Counts a view for its subjects, the narrowest first, in process. The first subject past a limit ends the matter; no wider one is charged with the view.
/// What other nodes know is in the same counts: <see cref="ISharedSubjects"/> brings it there, before the view is judged where consistency is strict.
/// </summary>
internal sealed partial class ViewCounter(SubjectTable table, GuardClock clock, ISharedSubjects? shared = null, SweepWatch? sweeps = null)
{
    private static readonly SubjectType[] NarrowestFirst = [SubjectType.Account, SubjectType.Session, SubjectType.Address];

    /// <summary>Reserves the view and judges it.</summary>
    /// <param name="limits">The limits in force.</param>
    /// <param name="stepUp">What a step-up is.</param>
    /// <param name="view">What is counted.</param>
    /// <param name="subjects">For whom: under the current key and those before it.</param>
    /// <param name="patience">The longest to wait for the other nodes.</param>
    public ValueTask CountAsync(LimitSet limits, StepUpOptions stepUp, CountedView view, IViewedBy subjects, TimeSpan patience)
    {
        // Such a revisit has nothing to ask the other nodes either, where views wait for them: this node has shown all that it shows.
        if (subjects.Keys == 1 && IsFree(limits, view, subjects))
        {
            (view.FreeFor, view.FreeUnder) = (subjects, limits);
            return default;
        }

        view.At = clock.Now;
        var isAwaited = shared is { IsAwaited: true };
        Reserve(limits, stepUp, view, subjects, isAwaited);

        // A view that waits sees to it itself.
        if (!isAwaited)
            shared?.Hurry();

        // A step-up completed on another node admits the view after all.
        return isAwaited || (shared is not null && view.Finding.Verdict == Verdict.StepUp && !view.IsLed) ? AwaitAsync(limits, stepUp, view, subjects, patience) : default;
    }

    /// <summary>Ends a counted view; a refused one counts nowhere.</summary>
    public void Settle(CountedView view, Settlement settlement)
    {
        // Windows are at the present: by the time of the view they would step back, and drop what came since when they step forward again.
        var now = clock.Now;
        WriteDown(view);
        if (view.HasPlace && (settlement.Outcome == Outcome.Missed || (settlement.Outcome == Outcome.Displayed && view.Novel > 0)))
            sweeps!.Note(view.Place, view.From, settlement.Outcome == Outcome.Displayed, view.At, PartOf(view, settlement.Outcome));
        for (var index = 0; index < view.Count; index++)
        {
            var isAddress = view[index].Subject.Type == SubjectType.Address;
            if (view.HasPlace && settlement.Outcome != Outcome.Displayed && (view[index].Charge & view[index].Windows.Swept) != 0)
                sweeps!.TakeBack(view.Place, view[index].Subject.Fingerprint);
            table.Settle(view[index], isAddress ? settlement with { RawRecords = view.Novel } : settlement with { MoreViews = 0 }, now);
        }
    }

    /// <summary>Reserves and judges until one subject is past a limit.</summary>
    private void Reserve(LimitSet limits, StepUpOptions stepUp, CountedView view, IViewedBy subjects, bool isAwaited)
    {
        var warned = 0u;
        var judging = subjects.Keys - 1;
        var isAnonymous = !subjects[0].IsSignedIn;
        foreach (var type in NarrowestFirst)
        {
            // The judged key last: what is refused under it is reserved under the others already, and all of it is released together.
            for (var key = 0; key <= judging; key++)
            {
                ref readonly var keys = ref subjects[key];
                ref readonly var subject = ref keys.At(type);
                if (subject.Type != type)
                    continue;
                var reservation = view.Add(key == judging, out var counts);
                Fill(limits, view, reservation, subject, key);
                if (type == SubjectType.Address)
                {
                    Charge(limits, view, keys, isAnonymous, warned, reservation);
                    reservation.Address = subjects.Address;
                }

                reservation.IsAwaited = isAwaited;
                var glimpse = table.Glimpse(subject);
                reservation.IsFree = glimpse.IsFree(reservation, table.IsShared);
                if (reservation.IsFree)
                    continue;
                if (reservation.Windows.Swept != 0 && (type == SubjectType.Account || (isAnonymous && !view.IsGranted)) && ContinuesSweep(view, subjects, subject))
                    reservation.Charge |= reservation.Windows.Swept;
                reservation.Neighbours = reservation.Windows.Pace == 0 ? [] : view.NeighboursOf(key, subjects);
                glimpse.Prefetch(reservation.Neighbours);
                table.Reserve(reservation, counts);
                if (key != judging)
                    continue;
                if (IsFirstJudged(view))
                    view.Novel = counts.Novel;
                if (type == SubjectType.Account)
                    (warned, view.IsAsked) = (Standing.Warned(limits, counts), counts.IsAsked);
                view.IsGranted |= counts.IsGranted;
                Judge(limits, stepUp, view, reservation, counts);
            }

            if (view.IsAllowed)
                continue;
            if (!view.IsLed)
                TellAddress(limits, view, subjects);
            return;
        }
    }

    private static bool IsFirstJudged(CountedView view)
    {
        for (var index = 0; index < view.Count - 1; index++)
        {
            if (view.IsJudged(index))
                return false;
        }

        return true;
    }

    private static void Fill(LimitSet limits, CountedView view, SubjectReservation reservation, in SubjectKey subject, int key)
    {
        var windows = limits.WindowsOf(subject.Type);
        reservation.Subject = subject;
        reservation.Id = view.Id;
        reservation.At = view.At;
        reservation.Views = view.Views;
        reservation.Kind = view.KindHash;
        reservation.Charge = windows.OfKind(view.KindHash);
        reservation.Account = 0;

        // The same as for the view before, most often, and a reference is dearer to write than to read.
        if (reservation.Records != view.Records[key])
            reservation.Records = view.Records[key];
        if (reservation.Windows == windows)
            return;
        reservation.Windows = windows;
        reservation.Strictest = limits.MaximaOf(subject.Type);
        reservation.Maxima = subject.Type == SubjectType.Address ? [] : reservation.Strictest;
    }

    private void Judge(LimitSet limits, StepUpOptions stepUp, CountedView view, SubjectReservation reservation, SubjectCounts counts)
    {
        if (view.IsLed)
        {
            JudgeLed(limits, view, reservation, counts);
            return;
        }

        var type = reservation.Subject.Type;
        if (LimitDetector.Admits(limits.LimitsOf(type), counts, reservation.Charge) && !LimitDetector.IsAsked(counts.IsAsked, counts.IsRevisit, counts.IsGranted))
            return;
        var evidence = table.Read(reservation, counts);
        var finding = LimitDetector.Judge(limits, stepUp, type, evidence, reservation.Charge);
        if (finding is { Verdict: Verdict.StepUp, Limit.Window.IsScore: true })
            table.Ask(reservation.Subject, reservation.Windows, view.At);

        // What the day's step-ups of an account admit is charged to no address, when they are used up as little as before.
        view.IsGranted |= finding.Verdict == Verdict.Allow && type == SubjectType.Account;
        if (finding.Verdict != Verdict.Allow)
            view.Accuse(type, finding, evidence);
    }
}
