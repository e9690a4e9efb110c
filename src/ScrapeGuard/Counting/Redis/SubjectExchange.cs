using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// One subject on its way to the other nodes and back: its news is taken from the table, and stays in this until Redis has answered, however often it has to
/// be asked.
/// </summary>
internal sealed class SubjectExchange(SubjectTable table, uint incarnation, LogExpiry expiry)
{
    private const int SmallestCompacted = 1024;

    private readonly LogWriter writer = new();

    public LogExchange Log { get; } = new();

    /// <summary>Whether the log has grown so far that it should be put together.</summary>
    public bool IsLong { get; private set; }

    /// <summary>Whether the subject was viewed here just now, past half of a limit.</summary>
    public bool IsWatched { get; private set; }

    /// <summary>Whether the log lost something that was known here.</summary>
    public bool IsMending { get; private set; }

    /// <summary>Takes the news of a subject; false where it is not tracked any more, is on its way already, or has none: it was sent along meanwhile.</summary>
    public bool Take(SubjectKey subject, FlushShare share, uint sequence, long now)
    {
        var shard = table.ShardOf(subject);
        using (shard.Enter())
        {
            if (shard.Find(subject) is not { } block)
                return false;
            ref var head = ref new SubjectBlock(block).Head;
            IsWatched = (head.Flags & SubjectFlags.IsWatched) != 0;
            var isDue = IsDue(head, share);

            // Whoever is in the list of those who can wait stays in it until that is gone through.
            head.Flags &= ~(SubjectFlags.IsUrgent | SubjectFlags.IsTouched | (share == FlushShare.All ? SubjectFlags.IsLazy : 0));
            if (!isDue || (head.Flags & SubjectFlags.IsExchanged) != 0)
                return false;
            head.Flags = (head.Flags & ~SubjectFlags.IsWatched) | SubjectFlags.IsExchanged;
            var state = table.Open(shard, subject, WindowSet.Of(head.Layout), now);
            (Log.Subject, Log.Known, Log.Mark, Log.TimeToLive) = (subject, head.LogLength, head.Mark, state.TimeToLive);
            writer.Begin();
            state.WriteUnsent(writer);
            Log.Entry = writer.IsEmpty ? default : writer.End(incarnation, sequence);

            // A log that names accounts is kept longer.
            Log.IsExpiryDue = expiry.IsDue(head.Mark, sequence, now) || writer.NamesAccounts;
            (IsLong, IsMending) = (false, false);
            return true;
        }
    }

    private static bool IsDue(in SubjectHead head, FlushShare share)
    {
        if ((head.Flags & (SubjectFlags.IsUrgent | SubjectFlags.IsTouched)) != 0)
            return true;
        return share == FlushShare.All && (head.Unsent != 0 || (head.Flags & SubjectFlags.OwesEverything) != 0);
    }

    /// <summary>Whether Redis has nothing more to be asked.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Puts the answer into the table, where there is one.</summary>
    public void Settle(uint sequence, long now) => IsDone = Log.Status != LogStatus.Unanswered && IsSettled(sequence, now);

    private bool IsSettled(uint sequence, long now)
    {
        var shard = table.ShardOf(Log.Subject);
        using (shard.Enter())
        {
            // Forgotten for want of room meanwhile: the log knows it.
            if (shard.Find(Log.Subject) is not { } block)
                return true;
            ref var before = ref new SubjectBlock(block).Head;
            var state = table.Open(shard, Log.Subject, WindowSet.Of(before.Layout), now);
            var isDone = Settle(ref state, sequence);
            ref var head = ref state.Block.Head;
            IsLong = head.LogLength < Log.Length && HasPassed(head.LogLength, Log.Length);
            (head.Mark, head.LogLength) = (Log.LastMark, Log.Length);
            if (isDone)
                head.Flags &= ~SubjectFlags.IsExchanged;
            else
                (Log.Known, Log.Mark) = (Log.Length, Log.LastMark);
            if (isDone && (head.Unsent != 0 || (head.Flags & SubjectFlags.OwesEverything) != 0))
                state.Touch(isUrgent: false);
            shard.Fit(Log.Subject, now);
            return isDone;
        }
    }

    private bool Settle(ref SubjectState state, uint sequence)
    {
        switch (Log.Status)
        {
            case LogStatus.Appended:
                return true;
            case LogStatus.News:
                state.LearnNews(Log.News.Span, incarnation);
                return true;
            case LogStatus.Lost:
                return Mend(ref state, default, sequence);
        }

        // Another log than was known. A snapshot of it holds the last mark; where nothing does, what was known here is lost there.
        if (Log.Mark != 0 && !LogReader.Holds(Log.News.Span, Log.Mark))
            return Mend(ref state, Log.News.Span, sequence);
        state.LearnWhole(Log.News.Span, Log.Status == LogStatus.Whole && Log.IsHeld ? default : Log.Entry.Span);
        return Log.Status == LogStatus.WholeAppended || Log.IsHeld || Log.Entry.IsEmpty;
    }

    /// <summary>A snapshot has taken the place of the log: who knows all of it knows the snapshot.</summary>
    public void Adopt(CompactedLog compacted)
    {
        IsLong = false;
        var shard = table.ShardOf(Log.Subject);
        using (shard.Enter())
        {
            if (shard.Find(Log.Subject) is not { } block)
                return;
            ref var head = ref new SubjectBlock(block).Head;
            if (head.LogLength == compacted.LengthBefore && head.Mark == compacted.MarkBefore)
                (head.LogLength, head.Mark) = (compacted.Length, compacted.Mark);
        }
    }

    /// <summary>Tells the log all that is known here, and takes in what it knows.</summary>
    private bool Mend(ref SubjectState state, ReadOnlySpan<byte> log, uint sequence)
    {
        IsMending = true;
        state.Block.Head.Flags |= SubjectFlags.IsUncertain;
        writer.Begin();
        state.WriteEverything(writer);
        Log.Entry = writer.IsEmpty ? default : writer.End(incarnation, sequence);
        if (!log.IsEmpty)
            state.LearnWhole(log, Log.Entry.Span);
        return Log.Entry.IsEmpty;
    }

    /// <summary>Whether a length has passed one kilobyte, or twice that, and so on.</summary>
    private static bool HasPassed(int before, int now) =>
        now >= SmallestCompacted && System.Numerics.BitOperations.Log2((uint)now) > System.Numerics.BitOperations.Log2((uint)Math.Max(before, SmallestCompacted / 2));
}
