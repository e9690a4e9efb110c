namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Takes subjects with news from the table: first those whose news should not wait, then the others, shard by shard. Where there are more than a flush
/// holds, the next one goes on with the shard that this one stopped at, so that everybody has a turn however much there is. Of those whose news can wait each
/// flush takes some: a shard's once in a while, not those of all shards at once.
/// </summary>
internal sealed class NewsCollection(SubjectTable table, LogSequence sequence, FlushPauses pauses)
{
    /// <summary>
    /// So many subjects in a flush: ten thousand a second, which cost the node and Redis some per cent of a processor. Where more are busy, each has
    /// its turn less often, and what should not wait goes first.
    /// </summary>
    public const int Most = 1024;

    private readonly SubjectShard[] shards = [.. table.Shards];

    // In which flush each shard was last gone through for those who rest, and for those who can wait.
    private readonly long[] rested = new long[table.Shards.Count];
    private readonly long[] waited = new long[table.Shards.Count];

    // Each with the list it was in, by the flag that says so.
    private readonly List<(SubjectKey Subject, SubjectFlags List)> subjects = [];
    private readonly List<(SubjectKey Subject, SubjectFlags List)> left = [];
    private long flushes;
    private int urgentFrom;
    private int from;

    /// <summary>Adds exchanges of those with such news, until there are as many as a flush holds.</summary>
    public void AddTo(List<SubjectExchange> batch, FlushShare share, List<SubjectShard> asked, IdleExchanges idle, long now)
    {
        if (share == FlushShare.Asked)
        {
            foreach (var shard in asked)
                Collect(shard, share, batch, idle, now);
            return;
        }

        table.News.IsUrgent = false;
        urgentFrom = Collect(urgentFrom, FlushShare.Urgent, batch, idle, now);

        // What found no room should not wait either.
        if (batch.Count >= Most)
            table.News.IsUrgent = true;
        if (share == FlushShare.Urgent)
            return;
        flushes++;
        from = Collect(from, share, batch, idle, now);
    }

    /// <summary>Goes round once; where the next flush begins.</summary>
    private int Collect(int first, FlushShare share, List<SubjectExchange> batch, IdleExchanges idle, long now)
    {
        for (var step = 0; step < shards.Length; step++)
        {
            var place = (first + step) % shards.Length;
            if (batch.Count >= Most)
                return place;
            var taken = share == FlushShare.Touched ? ShareOf(place) : share;
            if (Collect(shards[place], taken, batch, idle, now))
                Note(place, taken);
        }

        return first;
    }

    /// <summary>Of a shard also those who rest or can wait, in one flush of so many; in the next ones where that had no room for all.</summary>
    private FlushShare ShareOf(int place) =>
        IsTime(place, pauses.Waiting, waited[place]) ? FlushShare.All
        : IsTime(place, pauses.Resting, rested[place]) ? FlushShare.Rested
        : FlushShare.Touched;

    private bool IsTime(int place, int pause, long last) => (flushes + place) % pause == 0 || flushes - last >= pause;

    private void Note(int place, FlushShare share)
    {
        if (share >= FlushShare.Rested)
            rested[place] = flushes;
        if (share == FlushShare.All)
            waited[place] = flushes;
    }

    /// <summary>Of one shard; false where some found no room.</summary>
    private bool Collect(SubjectShard shard, FlushShare share, List<SubjectExchange> batch, IdleExchanges idle, long now)
    {
        if (shard.Urgent.Count == 0 && (share <= FlushShare.Urgent || (shard.Touched.Count == 0 && shard.Resting.Count == 0 && shard.Lazy.Count == 0)))
            return true;
        subjects.Clear();
        left.Clear();
        using (shard.Enter())
            Drain(shard, share);
        foreach (var listed in subjects)
        {
            if (batch.Count < Most)
                Collect(listed.Subject, share, batch, idle, now);
            else
                left.Add(listed);
        }

        if (left.Count == 0)
            return true;
        using (shard.Enter())
            PutBack(shard);
        return false;
    }

    private void Collect(SubjectKey subject, FlushShare share, List<SubjectExchange> batch, IdleExchanges idle, long now)
    {
        var exchange = idle.Take();
        if (exchange.Take(subject, share, sequence.Next, now))
            batch.Add(exchange);
        else
            idle.Return(exchange);
    }

    private void Drain(SubjectShard shard, FlushShare share)
    {
        Drain(shard, SubjectFlags.IsUrgent);
        if (share >= FlushShare.Touched)
            Drain(shard, SubjectFlags.IsTouched);
        if (share >= FlushShare.Rested)
            Drain(shard, SubjectFlags.IsResting);
        if (share == FlushShare.All)
            Drain(shard, SubjectFlags.IsLazy);
    }

    private void Drain(SubjectShard shard, SubjectFlags flag)
    {
        var list = shard.ListOf(flag);
        foreach (var subject in list)
            subjects.Add((subject, flag));
        list.Clear();
    }

    /// <summary>Whoever found no room stays in the list it was in, unless its news was sent along since.</summary>
    private void PutBack(SubjectShard shard)
    {
        foreach (var (subject, flag) in left)
        {
            if (shard.Find(subject) is { } block && (new SubjectBlock(block).Head.Flags & flag) != 0)
                shard.ListOf(flag).Add(subject);
        }
    }
}
