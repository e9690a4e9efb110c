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

    /// <summary>What was taken from the table and is in no log, once the log turned out to have lost what was known.</summary>
    private byte[]? news;
    private uint newsSequence;

    /// <summary>How long the log was when it turned out that all of it is to be read.</summary>
    private int lengthToRead;

    public LogExchange Log { get; } = new();

    /// <summary>Whether the log has grown so far that it should be put together.</summary>
    public bool IsLong { get; private set; }

    /// <summary>Whether the subject was viewed here just now, past half of a limit.</summary>
    public bool IsWatched { get; private set; }

    /// <summary>Whether the log lost something that was known here.</summary>
    public bool IsMending => news is not null;

    /// <summary>Whether Redis has nothing more to be asked.</summary>
    public bool IsDone { get; private set; }

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
            var isDue = IsDue(shard, head, share);
            var isRested = share >= FlushShare.Rested || (head.Flags & SubjectFlags.IsExchanged) != 0;

            // Whoever is in a list of those who can wait stays in it until that is gone through. Who is on the way is listed again once that is answered.
            head.Flags &= ~(SubjectFlags.IsUrgent | SubjectFlags.IsTouched | (isRested ? SubjectFlags.IsResting : 0) | (share == FlushShare.All ? SubjectFlags.IsLazy : 0));
            if (!isDue || (head.Flags & SubjectFlags.IsExchanged) != 0)
                return false;
            head.Flags = (head.Flags & ~SubjectFlags.IsWatched) | SubjectFlags.IsExchanged;
            var state = table.Open(shard, subject, WindowSet.Of(head.Layout), now);
            state.Gather(withNotes: share == FlushShare.All);
            head = ref state.Block.Head;
            (Log.Subject, Log.Known, Log.Mark, Log.TimeToLive) = (subject, head.LogLength, head.Mark, state.TimeToLive);
            writer.Begin();

            // A view that waits only asks, where all that there is to tell is shown to operators only: an entry costs Redis as much as the question.
            if (share != FlushShare.Asked || head.Mark == 0 || shard.HasNews(head))
                state.WriteUnsent(writer, sequence);
            Log.Entry = writer.IsEmpty ? default : writer.End(incarnation, sequence);

            // A log that names accounts is kept longer.
            Log.IsExpiryDue = expiry.IsDue(head.Mark, sequence, now) || writer.NamesAccounts;
            (IsLong, news, newsSequence) = (false, null, sequence);
            return true;
        }
    }

    /// <summary>Puts the answer into the table, where there is one.</summary>
    /// <param name="sequence">For what has to be written anew.</param>
    /// <param name="now">The time in milliseconds.</param>
    public void Settle(uint sequence, long now) => IsDone = Log.Status != LogStatus.Unanswered && IsSettled(sequence, now);

    private static bool IsDue(SubjectShard shard, in SubjectHead head, FlushShare share)
    {
        if ((head.Flags & (SubjectFlags.IsUrgent | SubjectFlags.IsTouched)) != 0)
            return true;
        if (share >= FlushShare.Rested && (head.Flight != 0 || shard.HasNews(head)))
            return true;
        return share == FlushShare.All && (head.Unsent != 0 || head.Pending != 0 || (head.Flags & SubjectFlags.OwesAccounts) != 0);
    }

    private bool IsSettled(uint sequence, long now)
    {
        var shard = table.ShardOf(Log.Subject);
        using (shard.Enter())
        {
            // Forgotten for want of room meanwhile, and perhaps tracked anew: the log knows it.
            if (shard.Find(Log.Subject) is not { } block || (new SubjectBlock(block).Head.Flags & SubjectFlags.IsExchanged) == 0)
                return true;
            ref var before = ref new SubjectBlock(block).Head;
            var state = table.Open(shard, Log.Subject, WindowSet.Of(before.Layout), now);
            var isDone = IsSettled(ref state, sequence);
            ref var head = ref state.Block.Head;
            IsLong = Log.IsDamaged || (head.LogLength < Log.Length && HasPassed(head.LogLength, Log.Length));
            if (isDone)
            {
                (head.Mark, head.LogLength) = (Log.LastMark, Log.Length);
                head.Flags &= ~SubjectFlags.IsExchanged;
                if ((shard.HasNews(head) || state.HasUntoldFlight) && (head.Flags & SubjectFlags.IsResting) == 0)
                    state.Touch(isUrgent: false);
                else if (head.Unsent != 0 || head.Pending != 0)
                    state.TouchLazily();
                state.Calm();
            }

            shard.Fit(Log.Subject, now);
            return isDone;
        }
    }

    private bool IsSettled(ref SubjectState state, uint sequence)
    {
        switch (Log.Status)
        {
            // A log that is there is told; this one was there a moment ago.
            case LogStatus.Appended when Log.Known == 0 && Log.Mark != 0:
            case LogStatus.Lost:
                return Mend(ref state, default, sequence);
            case LogStatus.Appended:
                return true;
            case LogStatus.News:
                return state.TryLearnNews(Log.News.Span, incarnation) || ReadWhole();
        }

        // What is known stays; a snapshot of what is left is made, which lacks what is known here, and then is told that.
        if (Log.IsDamaged)
            return true;

        // Another log than was known. A snapshot of it holds the last mark; where nothing does, what was known here is lost there.
        if (Log.Mark != 0 && !LogReader.Continues(Log.News.Span, Log.Mark, Log.Known != 0 ? Log.Known : lengthToRead))
            return Mend(ref state, Log.News.Span, sequence);
        var isTold = Log.Status == LogStatus.WholeAppended || Log.IsHeld || Log.Entry.IsEmpty;
        state.LearnWhole(Log.News.Span, Log.Status == LogStatus.Whole && Log.IsHeld ? default : Log.Entry.Span, incarnation);
        return isTold || Append();
    }

    /// <summary>The entry is in the log. What others appended depends on the order of all of it: the whole log is read next.</summary>
    private bool ReadWhole()
    {
        lengthToRead = Log.Length;
        (Log.Known, Log.Mark, Log.Entry) = (0, Log.LastMark, default);
        return false;
    }

    /// <summary>The log is known as it is now; the entry is to be appended next.</summary>
    private bool Append()
    {
        (Log.Known, Log.Mark) = (Log.Length, Log.LastMark);
        return false;
    }

    /// <summary>Tells the log all that is known here, and takes in what it knows.</summary>
    private bool Mend(ref SubjectState state, ReadOnlySpan<byte> log, uint sequence)
    {
        // The entry lies where the next one is written.
        news ??= Log.Entry.ToArray();
        writer.Begin();
        Log.Entry = state.Restore(log, news, newsSequence, writer, sequence, incarnation);
        (Log.Known, Log.Mark, Log.IsExpiryDue) = log.IsEmpty ? (0, 0, true) : (Log.Length, Log.LastMark, true);
        return false;
    }

    /// <summary>Lets go of what is not needed for the next subject.</summary>
    public void LetGo()
    {
        Log.LetGo();
        writer.Trim();
        news = null;
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

    /// <summary>Whether a length has passed one kilobyte, or twice that, and so on.</summary>
    private static bool HasPassed(int before, int now) =>
        now >= SmallestCompacted && System.Numerics.BitOperations.Log2((uint)now) > System.Numerics.BitOperations.Log2((uint)Math.Max(before, SmallestCompacted / 2));
}
