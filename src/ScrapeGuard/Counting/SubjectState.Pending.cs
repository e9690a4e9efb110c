using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>
/// Views that are noted in the head of a subject, and of an address how many novel records they showed; counted when its windows move on or are looked at: somebody who turns pages is counted once a minute, and
/// not with every page. What a note adds to is shown to operators and judged by nobody.
/// </summary>
internal ref partial struct SubjectState
{
    /// <summary>For so long views are noted before they are counted: a hundredth of a sub-window of a day.</summary>
    private const long MostPendingMilliseconds = 60_000;

    /// <summary>Notes that a record was displayed to somebody for whom nothing was reserved; false where it takes more than a note.</summary>
    public static bool TryNote(SubjectShard shard, byte[] block, SubjectReservation view, in Settlement settlement, bool isShared, long now)
    {
        var subject = new SubjectBlock(block);
        ref var head = ref subject.Head;
        if (!IsQuiet(head, view.Windows) || subject.IsPast(settlement.MostRecords) || !IsSoon(head.TurnedAt, view, now))
            return false;
        if (head.Type == SubjectType.Address ? !IsPassed(shard, subject, view) : !IsPlain(head, view) || !TryRenew(subject, view, isShared))
            return false;
        head.LastSeen = Math.Max(head.LastSeen, now);
        head.Pending++;
        head.PendingRecords += settlement.RawRecords;
        if (isShared)
            shard.ListLazily(ref head, view.Subject);
        return true;
    }

    private static bool IsQuiet(in SubjectHead head, WindowSet windows) => head is { Flight: 0, Side: 0, Pending: < SubjectHead.MostPending } && head.Layout == windows.Id;

    /// <summary>Whether all that is noted since the windows were looked at can be counted at one time.</summary>
    private static bool IsSoon(long turned, SubjectReservation view, long now)
    {
        if ((ulong)(now - turned) >= MostPendingMilliseconds || (ulong)(view.At - turned) >= MostPendingMilliseconds)
            return false;
        var slot = view.Windows.ViewsSlot;
        var at = slot.Of(turned);
        return slot.Of(now) == at && slot.Of(view.At) == at;
    }

    /// <summary>Whether an account or a session is calm, and is charged with one view of one record.</summary>
    private static bool IsPlain(in SubjectHead head, SubjectReservation view) =>
        (head.Flags & SubjectFlags.IsCalm) != 0 && view.Views == 1 && view.Charge == view.Windows.Regular && !view.Windows.HasKinds && view.Records.Length == 1;

    /// <summary>Whether an address is charged with nothing, and has only just seen the account, which is no newcomer: it is to be told of one view more.</summary>
    private static bool IsPassed(SubjectShard shard, SubjectBlock subject, SubjectReservation view)
    {
        ref readonly var visitor = ref subject.Visitor;
        return view.Views == 1 && view.Charge == 0 && !view.AccountIsWarned && (subject.Head.Flags & (SubjectFlags.IsVisited | SubjectFlags.IsWary)) == SubjectFlags.IsVisited
            && view.Account != 0 && visitor.Account == view.Account && (ulong)(view.At - visitor.Seen.Last) < MostPendingMilliseconds
            && (view.Windows.Newcomers == 0 || !IsWatched(shard, view.At) || visitor.Seen.First <= view.At - NoveltyMilliseconds);
    }

    private static bool TryRenew(SubjectBlock subject, SubjectReservation view, bool isShared)
    {
        var place = subject.Find(view.Records[0], view.At);
        if (place < 0 || !subject.WasDisplayedHere(place) || (view.Charge & view.Windows.Records & ~subject.WindowsOf(place)) != 0)
            return false;
        if (isShared && IsRenewalDue(subject.TimeOf(place, view.At), view.At))
            return false;
        subject.Renew(place, view.At, 0);
        return true;
    }

    /// <summary>Notes a view of an account or a session, where its windows of views are shown to operators only; false where it takes more than a note.</summary>
    private bool TryNote(SubjectReservation view, int views, in Flight gone)
    {
        var charge = windows.Views & view.Charge;
        return Head.Type != SubjectType.Address && !gone.IsAnnounced && !windows.HasKinds && (charge & windows.Limited) == 0
            && charge == (windows.Views & windows.Regular) && TryNote(view.At, views);
    }

    /// <summary>Counts a view in the windows of an address that count whatever it is charged with.</summary>
    private void AddRawViews(long at, int views)
    {
        if (!TryNote(at, views))
            AddRaw(WindowCount.RawViews, at, views);
    }

    /// <summary>Counts a novel record in the windows of an address that count whatever it is charged with.</summary>
    private void AddRawRecords(long at, int records)
    {
        if (records == 1 && Head.PendingRecords < Head.Pending && Head.Side == 0 && Head.IsInTurn(at))
            Head.PendingRecords++;
        else
            AddRaw(WindowCount.RawRecords, at, records);
    }

    /// <summary>Notes a view at a time at which no window has moved on.</summary>
    private bool TryNote(long at, int views)
    {
        if (views != 1 || Head.Side != 0 || !Head.IsInTurn(at))
            return false;
        if (Head.Pending == SubjectHead.MostPending)
            CountPending();
        Head.Pending++;
        if (isShared)
            TouchLazily();
        return true;
    }

    /// <summary>Counts what is noted, before the windows of views move on or are looked at.</summary>
    public void CountPending()
    {
        if (Head.Pending == 0)
            return;
        var (views, records, at) = (Head.Pending, Head.PendingRecords, Head.TurnedAt);
        (Head.Pending, Head.PendingRecords) = (0, 0);
        AddRaw(WindowCount.RawViews, at, views);
        AddRaw(WindowCount.RawRecords, at, records);
        if (Head.Type == SubjectType.Address)
            return;
        Add(windows.Views & windows.Regular, at, views);
        TellCounts(at, windows.Regular, kind: 0, new LogCounts(Views: views));
    }
}
