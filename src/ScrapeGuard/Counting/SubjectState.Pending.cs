using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>
/// Revisits that are noted in the head of a subject, and counted with whatever next looks at its windows: somebody who turns pages is counted once a minute,
/// and not with every page. What such a revisit adds to is shown to operators and judged by nobody.
/// </summary>
internal ref partial struct SubjectState
{
    /// <summary>For so long revisits are noted before they are counted: a hundredth of a sub-window of a day.</summary>
    private const long MostPendingMilliseconds = 60_000;

    /// <summary>Notes that a record was displayed again to somebody calm, an account or a session; false where it takes more than a note.</summary>
    public static bool TryNote(SubjectShard shard, byte[] block, SubjectReservation view, int mostRecords, bool isShared, long now)
    {
        var subject = new SubjectBlock(block);
        ref var head = ref subject.Head;
        if (head.Layout != view.Windows.Id || head.Type == SubjectType.Address || !IsPlain(view) || !IsQuiet(head, mostRecords))
            return false;
        var turned = head.TurnedAt;
        if ((ulong)(now - turned) >= MostPendingMilliseconds || (ulong)(view.At - turned) >= MostPendingMilliseconds)
            return false;

        // All of them are counted at one time.
        var slot = view.Windows.ViewsSlot;
        if (slot.Of(now) != slot.Of(turned) || slot.Of(view.At) != slot.Of(turned) || !TryRenew(subject, view, isShared))
            return false;
        head.LastSeen = Math.Max(head.LastSeen, now);
        head.Pending++;
        if (isShared)
            shard.ListLazily(ref head, view.Subject);
        return true;
    }

    private static bool IsPlain(SubjectReservation view) =>
        view.Views == 1 && view.Charge == view.Windows.Regular && !view.Windows.HasKinds && view.Records.Length == 1;

    private static bool IsQuiet(in SubjectHead head, int mostRecords) =>
        (head.Flags & SubjectFlags.IsCalm) != 0 && head is { Flight: 0, Side: 0, Pending: < SubjectHead.MostPending } && head.Shown <= mostRecords;

    private static bool TryRenew(SubjectBlock subject, SubjectReservation view, bool isShared)
    {
        var place = subject.Find(view.Records[0], view.At);
        if (place < 0 || !subject.WasDisplayedHere(place) || (view.Charge & view.Windows.Records & ~subject.WindowsOf(place)) != 0)
            return false;
        if (isShared && view.At - subject.TimeOf(place, view.At) >= RenewalMilliseconds)
            return false;
        subject.Renew(place, view.At, 0);
        return true;
    }

    private void CountPending()
    {
        var (views, at) = (Head.Pending, Head.TurnedAt);
        Head.Pending = 0;
        Add(windows.Views & windows.Regular, at, views);
        TellCounts(at, windows.Regular, kind: 0, new LogCounts(Views: views));
    }
}
