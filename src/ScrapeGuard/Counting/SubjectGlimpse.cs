namespace ScrapeGuard.Counting;

/// <summary>
/// A subject as it was seen without the lock of its shard: enough to let a revisit by somebody in good standing, for which nothing is reserved. Whatever
/// stood in the way is for <see cref="SubjectState"/> to look into.
/// </summary>
internal readonly struct SubjectGlimpse(SubjectIndex index, int version, byte[] bytes)
{
    /// <summary>For how long an account that was seen at an address needs not be noted there before its view is settled, in milliseconds.</summary>
    private const long Remembered = 3_600_000;

    /// <summary>Whether somebody was seen.</summary>
    public bool IsSomebody => index is not null;

    /// <summary>Whether the view reserves nothing of the subject, which is far from every limit: its outcome alone will count.</summary>
    public bool IsFree(SubjectReservation view, bool isShared)
    {
        if (index is null || (isShared && view.IsAwaited))
            return false;
        return IsFree(view.Subject, new Revisit(view.Windows, view.Charge, view.Account, view.AccountIsWarned, view.Records, view.At), isShared);
    }

    /// <summary>As above, of a view that waits for nobody.</summary>
    public bool IsFree(in SubjectKey subject, in Revisit view, bool isShared)
    {
        if (index is null)
            return false;
        return SubjectIndex.IsOf(bytes, subject) ? IsFreeHere(view, isShared) : index.Glimpse(subject, isSure: true).IsFreeHere(view, isShared);
    }

    /// <summary>Has what the view looks at brought nearer.</summary>
    public void Prefetch(ulong record)
    {
        if (IsSomebody)
            new SubjectBlock(bytes).Prefetch(record);
    }

    /// <summary>Has the places nearer where records beside it are looked for.</summary>
    public void Prefetch(ReadOnlySpan<ulong> neighbours)
    {
        if (IsSomebody)
            new SubjectBlock(bytes).Prefetch(neighbours);
    }

    private bool IsFreeHere(in Revisit view, bool isShared)
    {
        if (index is null)
            return false;
        ref var head = ref new SubjectBlock(bytes).Head;
        return head.Flight == 0 && head.Layout == view.Windows.Id && (head.Flags & SubjectFlags.IsWary) == 0
            && (view.Charge == 0 || (IsShared(ref head, isShared) && IsRevisit(ref head, view)))
            && (view.Account == 0 || IsKnown(ref head, view))
            && index.IsUnchanged(version);
    }

    /// <summary>Whether it is known, or asked at present, what the other nodes know of the subject.</summary>
    private static bool IsShared(ref SubjectHead head, bool isShared) =>
        !isShared || head.Mark != 0 || (head.Flags & SubjectFlags.IsExchanged) != 0;

    /// <summary>
    /// Time only takes away from what the windows held when the subject was found calm, and a revisit adds no record; views of a window that some limit is
    /// held against are reserved.
    /// </summary>
    private bool IsRevisit(ref SubjectHead head, in Revisit view) =>
        (head.Flags & SubjectFlags.IsCalm) != 0
        && (view.Charge & view.Windows.LimitedViews) == 0
        && (ulong)(view.At - head.LastSeen + Remembered) < (ulong)SubjectState.NoveltyMilliseconds
        && view.Records is [var record]
        && new SubjectBlock(bytes).WasDisplayedHere(record, view.At, view.Charge & view.Windows.Records);

    private bool IsKnown(ref SubjectHead head, in Revisit view)
    {
        ref var visitor = ref new SubjectBlock(bytes).Visitor;
        return (head.Flags & SubjectFlags.IsVisited) != 0
            && visitor.Account == view.Account && !view.AccountIsWarned && (ulong)(view.At - visitor.Seen.Last) < (ulong)Remembered;
    }
}
