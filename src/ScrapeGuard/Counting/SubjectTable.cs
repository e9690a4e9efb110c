using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>
/// The subjects tracked in this process, bounded by a budget of bytes. Where a new subject finds no room, the one with the least evidence for its age among
/// a few is forgotten, so that a spray of fresh addresses pushes out itself.
/// </summary>
internal sealed class SubjectTable(long budget)
{
    private const int Shards = 64;
    private const int Sample = 16;
    private const double TenMinutes = 600_000;

    private readonly Shard[] shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];
    private readonly long bytesPerShard = budget / Shards;
    private readonly long[] evicted = new long[3];

    public SubjectReading Reserve(SubjectReservation view)
    {
        var shard = ShardOf(view.Subject);
        lock (shard)
        {
            var state = Find(shard, view.Subject, view.Windows);
            state.Name ??= view.Name;
            var reading = state.Reserve(view);
            Weigh(shard, view.Subject, state, view.At);
            return reading;
        }
    }

    public void Settle(SubjectReservation view, Settlement settlement, long now)
    {
        var shard = ShardOf(view.Subject);
        lock (shard)
        {
            var state = Find(shard, view.Subject, view.Windows);
            state.Settle(view, settlement, now);
            Weigh(shard, view.Subject, state, now);
        }
    }

    /// <summary>What is known of a subject; null for one that is not tracked.</summary>
    public SubjectReading? Read(SubjectKey subject, WindowSet windows, long now)
    {
        var shard = ShardOf(subject);
        lock (shard)
            return shard.Subjects.TryGetValue(subject, out var tracked) ? tracked.State.Read(now, windows) : null;
    }

    public bool IsTracked(SubjectKey subject)
    {
        var shard = ShardOf(subject);
        lock (shard)
            return shard.Subjects.ContainsKey(subject);
    }

    /// <summary>Keeps what all nodes together know of a subject.</summary>
    public void Mirror(SubjectKey subject, WindowSet windows, SubjectReading reading)
    {
        var shard = ShardOf(subject);
        lock (shard)
        {
            var state = Find(shard, subject, windows);
            state.Mirror(reading);
            Weigh(shard, subject, state, reading.At);
        }
    }

    public bool Grant(SubjectKey subject, WindowSet windows, StepUpOptions stepUp, long now)
    {
        var shard = ShardOf(subject);
        lock (shard)
        {
            var state = Find(shard, subject, windows);
            var isGranted = state.Grant(stepUp.Allowance, now + (long)stepUp.Lifetime.TotalMilliseconds, stepUp.MaxPerDay, now);
            Weigh(shard, subject, state, now);
            return isGranted;
        }
    }

    /// <summary>Clears the evidence against a subject. The accounts known at an address are none, and stay.</summary>
    public void Forget(SubjectKey subject)
    {
        var shard = ShardOf(subject);
        lock (shard)
        {
            if (!shard.Subjects.TryGetValue(subject, out var tracked))
                return;
            tracked.State.Forget();
            Weigh(shard, subject, tracked.State, tracked.State.LastSeen);
        }
    }

    /// <summary>The address in clear of a subject that is tracked; null for any other.</summary>
    public string? NameOf(SubjectKey subject)
    {
        var shard = ShardOf(subject);
        lock (shard)
            return shard.Subjects.TryGetValue(subject, out var tracked) ? tracked.State.Name : null;
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

    public int CountOf(SubjectType type)
    {
        var count = 0;
        foreach (var shard in shards)
        {
            lock (shard)
                count += shard.Subjects.Keys.Count(key => key.Type == type);
        }

        return count;
    }

    public long EvictedOf(SubjectType type) => Interlocked.Read(ref evicted[(int)type]);

    private static SubjectState Find(Shard shard, SubjectKey subject, WindowSet windows)
    {
        ref var tracked = ref CollectionsMarshal.GetValueRefOrAddDefault(shard.Subjects, subject, out _);
        return (tracked.State ??= new SubjectState(windows));
    }

    /// <summary>Keeps the shard within its part of the budget after a subject has grown.</summary>
    private void Weigh(Shard shard, SubjectKey subject, SubjectState state, long now)
    {
        ref var tracked = ref CollectionsMarshal.GetValueRefOrNullRef(shard.Subjects, subject);
        var bytes = state.Bytes;
        shard.Bytes += bytes - tracked.Bytes;
        tracked.Bytes = bytes;
        while (shard.Bytes > bytesPerShard && shard.Subjects.Count > 1)
            Evict(shard, subject, now);
    }

    private static void Remove(Shard shard, SubjectKey subject)
    {
        if (shard.Subjects.Remove(subject, out var gone))
            shard.Bytes -= gone.Bytes;
    }

    private void Evict(Shard shard, SubjectKey current, long now)
    {
        // A dictionary enumerates in order of insertion into freed slots, so the sample begins somewhere else each time.
        var skip = Random.Shared.Next(Math.Max(1, shard.Subjects.Count - Sample));
        var victim = shard.Subjects.Skip(skip).Take(Sample).Where(pair => pair.Key != current).MinBy(pair => Worth(pair.Value.State, now)).Key;
        Remove(shard, victim);
        Interlocked.Increment(ref evicted[(int)victim.Type]);
    }

    /// <summary>
    /// Evidence over age, with ten minutes as the measure of age: a fresh address with one record is worth less than forty records of an hour ago, and more
    /// than those of yesterday.
    /// </summary>
    private static double Worth(SubjectState state, long now)
    {
        var evidence = Math.Log2(1 + state.Evidence);
        return evidence * evidence / (1 + (Math.Max(0, now - state.LastSeen) / TenMinutes));
    }

    private Shard ShardOf(SubjectKey subject) => shards[(int)((ulong)subject.Hash % Shards)];

    private sealed class Shard
    {
        public Dictionary<SubjectKey, Tracked> Subjects { get; } = [];

        public long Bytes { get; set; }
    }

    private struct Tracked
    {
        public SubjectState State;

        public int Bytes;
    }
}
