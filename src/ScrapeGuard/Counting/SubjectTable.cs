namespace ScrapeGuard.Counting;

/// <summary>
/// The subjects tracked in this process, bounded by a budget of bytes. Where a new subject finds no room, the one with the least evidence for its age among
/// a few is forgotten, so that a spray of fresh addresses pushes out itself.
/// </summary>
internal sealed class SubjectTable(long budget, int maxRecords)
{
    /// <summary>What a subject costs with the default limits and ten records; counted exactly by the benchmarks.</summary>
    private const long BytesPerSubject = 1400;
    private const int Shards = 64;
    private const int Sample = 16;

    private readonly Shard[] shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];
    private readonly int mostPerShard = (int)Math.Max(8, budget / BytesPerSubject / Shards);
    private readonly long[] evicted = new long[3];

    public SubjectReading Reserve(SubjectReservation view)
    {
        var shard = ShardOf(view.Subject);
        lock (shard)
            return Find(shard, view.Subject, view.Windows, view.At).Reserve(view);
    }

    public void Settle(SubjectReservation view, Settlement settlement, long now)
    {
        var shard = ShardOf(view.Subject);
        lock (shard)
            Find(shard, view.Subject, view.Windows, now).Settle(view, settlement, now, maxRecords);
    }

    /// <summary>What is known of a subject; null for one that is not tracked.</summary>
    public SubjectReading? Read(SubjectKey subject, WindowSet windows, long now)
    {
        var shard = ShardOf(subject);
        lock (shard)
            return shard.Subjects.TryGetValue(subject, out var state) ? state.Read(now, windows) : null;
    }

    /// <summary>Keeps what all nodes together know of a subject that is tracked.</summary>
    public void Mirror(SubjectKey subject, SubjectReading reading)
    {
        var shard = ShardOf(subject);
        lock (shard)
        {
            if (shard.Subjects.TryGetValue(subject, out var state))
                state.Mirror(reading);
        }
    }

    public bool Grant(SubjectKey subject, WindowSet windows, StepUpOptions stepUp, long now)
    {
        var shard = ShardOf(subject);
        lock (shard)
        {
            return Find(shard, subject, windows, now)
                .Grant(stepUp.Allowance, now + (long)stepUp.Lifetime.TotalMilliseconds, stepUp.MaxPerDay, now);
        }
    }

    public void Forget(SubjectKey subject)
    {
        var shard = ShardOf(subject);
        lock (shard)
            shard.Subjects.Remove(subject);
    }

    public IEnumerable<SubjectKey> Subjects(SubjectType type)
    {
        foreach (var shard in shards)
        {
            SubjectKey[] keys;
            lock (shard)
                keys = [.. shard.Subjects.Keys.Where(key => key.Type == type)];
            foreach (var key in keys)
                yield return key;
        }
    }

    public int CountOf(SubjectType type) => Subjects(type).Count();

    public long EvictedOf(SubjectType type) => Interlocked.Read(ref evicted[(int)type]);

    private SubjectState Find(Shard shard, SubjectKey subject, WindowSet windows, long now)
    {
        if (shard.Subjects.TryGetValue(subject, out var state))
            return state;
        if (shard.Subjects.Count >= mostPerShard)
            Evict(shard, now);
        return shard.Subjects[subject] = new SubjectState(windows);
    }

    private void Evict(Shard shard, long now)
    {
        // A dictionary enumerates in order of insertion into freed slots, so the sample begins somewhere else each time.
        var skip = Random.Shared.Next(Math.Max(1, shard.Subjects.Count - Sample));
        var victim = shard.Subjects.Skip(skip).Take(Sample).MinBy(pair => Worth(pair.Value, now)).Key;
        shard.Subjects.Remove(victim);
        Interlocked.Increment(ref evicted[(int)victim.Type]);
    }

    private static double Worth(SubjectState state, long now) => Math.Log2(2 + state.Evidence) / (1000 + Math.Max(0, now - state.LastSeen));

    private Shard ShardOf(SubjectKey subject) => shards[(int)((ulong)subject.Hash % Shards)];

    private sealed class Shard
    {
        public Dictionary<SubjectKey, SubjectState> Subjects { get; } = [];
    }
}
