using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>What an address is charged with, and what else it is told of the accounts there.</summary>
internal sealed partial class ViewCounter
{
    /// <summary>
    /// An account never seen, exempt, or past its limits with a completed step-up is in good standing: of the address only limits that charge every view
    /// remain.
    /// </summary>
    private static void Charge(LimitSet limits, CountedView view, in ViewSubjects subjects, bool isAnonymous, uint warned, SubjectReservation reservation)
    {
        reservation.Charge = Standing.AddressCharge(limits, view.KindHash, isAnonymous && !view.IsGranted, view.IsGranted ? 0 : warned);
        reservation.Account = AccountOf(subjects);
        reservation.AccountIsWarned = view.IsAsked || (warned & ~limits.PaceOfAccounts) != 0;
    }

    /// <summary>
    /// What the address is told of a view that a narrower subject answers for: an account that is accused is in good standing there no more, and what is shown
    /// all the same is in the raw counts.
    /// </summary>
    private void TellAddress(LimitSet limits, CountedView view, IViewedBy subjects)
    {
        for (var key = 0; key < subjects.Keys && view.Accused != SubjectType.Address; key++)
        {
            ref readonly var address = ref subjects[key].At(SubjectType.Address);
            if (address.Type != SubjectType.Address)
                continue;
            if (view.Accused == SubjectType.Account)
                table.Warn(address, limits.WindowsOf(SubjectType.Address), subjects[key].At(SubjectType.Account).Fingerprint, view.At);
            if (!view.IsObserved)
                continue;
            var reservation = view.Add(isJudged: false, out _);
            Fill(limits, view, reservation, address, key);
            (reservation.Charge, reservation.Address, reservation.IsFree, reservation.IsAwaited) = (0, subjects.Address, true, false);
        }
    }
}
