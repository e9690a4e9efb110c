using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>Views for which nothing is reserved of any subject: what they will count in is written down only when they are settled.</summary>
internal sealed partial class ViewCounter
{
    /// <summary>Looks for all subjects before any is looked at, so that their memory comes together and not one after the other.</summary>
    private bool IsFree(LimitSet limits, CountedView view, IViewedBy viewedBy)
    {
        // Of a list it may be told to whom it belongs before it is settled.
        if (view.Records[0].Length > 1)
            return false;
        ref readonly var subjects = ref viewedBy[0];
        ref readonly var account = ref subjects.At(SubjectType.Account);
        ref readonly var session = ref subjects.At(SubjectType.Session);
        ref readonly var address = ref subjects.At(SubjectType.Address);
        var ofAccount = table.Glimpse(account);
        var ofSession = table.Glimpse(session);
        var ofAddress = table.Glimpse(address);
        view.At = clock.Now;
        var record = view.Records[0] is [var first, ..] ? first : 0;
        ofAccount.Prefetch(record);
        ofSession.Prefetch(record);
        ofAddress.Prefetch(record);
        if ((account.Type != SubjectType.Account || ofAccount.IsFree(account, RevisitOf(SubjectType.Account, limits, view), table.IsShared))
            && (session.Type != SubjectType.Session || ofSession.IsFree(session, RevisitOf(SubjectType.Session, limits, view), table.IsShared))
            && (address.Type != SubjectType.Address || ofAddress.IsFree(address, RevisitOf(limits, view, subjects), table.IsShared)))
            return true;
        if (limits.WindowsOf(SubjectType.Account).Pace == 0)
            return false;
        var neighbours = view.NeighboursOf(0, viewedBy);
        ofAccount.Prefetch(neighbours);
        ofSession.Prefetch(neighbours);
        return false;
    }

    private static Revisit RevisitOf(SubjectType type, LimitSet limits, CountedView view)
    {
        var windows = limits.WindowsOf(type);
        return new Revisit(windows, windows.OfKind(view.KindHash), 0, false, view.Records[0], view.At);
    }

    /// <summary>Of the address. An account of which nothing is reserved is far from every limit, and to the scores it may be warned for a revisit adds nothing.</summary>
    private static Revisit RevisitOf(LimitSet limits, CountedView view, in ViewSubjects subjects)
    {
        var charge = Standing.AddressCharge(limits, view.KindHash, !subjects.IsSignedIn, 0);
        return new Revisit(limits.WindowsOf(SubjectType.Address), charge, AccountOf(subjects), false, view.Records[0], view.At);
    }

    /// <summary>Writes down what a free view counts in.</summary>
    private static void WriteDown(CountedView view)
    {
        if (view.FreeUnder is not { } limits)
            return;
        view.FreeUnder = null;
        ref readonly var subjects = ref view.FreeFor![0];
        foreach (var type in NarrowestFirst)
        {
            ref readonly var subject = ref subjects.At(type);
            if (subject.Type != type)
                continue;
            var reservation = view.Add(isJudged: true, out _);
            Fill(limits, view, reservation, subject, key: 0);
            if (type == SubjectType.Address)
            {
                Charge(limits, view, subjects, !subjects.IsSignedIn, warned: 0, reservation);
                reservation.Address = view.FreeFor.Address;
            }

            (reservation.IsAwaited, reservation.IsFree) = (false, true);
        }
    }

    private static ulong AccountOf(in ViewSubjects subjects)
    {
        ref readonly var account = ref subjects.At(SubjectType.Account);
        return account.Type == SubjectType.Account ? account.Fingerprint : 0;
    }
}
