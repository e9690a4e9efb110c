using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>
/// The subjects tracked in this process, of all types, bounded by a budget of bytes. Where a new subject finds no room, the one with the least evidence for
/// its age among a few is forgotten, and leaves a trace, so that a spray of fresh addresses pushes out itself.
/// </summary>
internal sealed partial class SubjectTable
{
    private const int MostShards = 256;
    private const int SmallestShard = 256 * 1024;
    private const int SketchShare = 16;

    private readonly SubjectShard[] shards;

    // Those of the shards: who looks without a lock need not go by way of the shard.
    private readonly SubjectIndex[] indexes;
    private readonly EvidenceSketch sketch;

    /// <param name="budget">The most bytes to take.</param>
    /// <param name="isShared">Whether there are other nodes to be told.</param>
    /// <param name="watchedSince">Since when views are counted, in milliseconds: before a day has passed nobody is accused of being new.</param>
    public SubjectTable(long budget, bool isShared = false, long watchedSince = 0)
    {
        IsShared = isShared;
        sketch = new EvidenceSketch(budget / SketchShare);
        var subjects = budget - sketch.Bytes;
        var number = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)(subjects / SmallestShard)) / 2, 1, MostShards);
        shards = [.. Enumerable.Range(0, number).Select(_ => new SubjectShard(subjects / number) { Sketch = sketch, News = News, WatchedSince = watchedSince })];
        indexes = [.. shards.Select(shard => shard.Index)];
    }

    public bool IsShared { get; }

    /// <summary>Views were counted since an earlier time already, on other nodes or before a restart, in milliseconds.</summary>
    public void WatchSince(long time)
    {
        foreach (var shard in shards)
            shard.WatchSince(time);
    }

    /// <summary>Whether some subject has news that should not wait.</summary>
    public News News { get; } = new();

    /// <summary>The parts of the table, each with a lock of its own.</summary>
    public IReadOnlyList<SubjectShard> Shards => shards;

    /// <summary>About how many bytes the table takes.</summary>
    public long Bytes => shards.Sum(shard => shard.Bytes) + sketch.Bytes;

    /// <summary>Reserves a view and fills in what the windows of the subject hold with it.</summary>
    public void Reserve(SubjectReservation view, SubjectCounts counts)
    {
        var shard = ShardOf(view.Subject);
        using (shard.Enter())
        {
            var state = Open(shard, view.Subject, view.Windows, view.At, SubjectState.FirstOf(shard, view));
            if (view.Subject.Type == SubjectType.Address)
                state.Block.Address = view.Address;
            state.Reserve(view, counts);
            state.StayCalm();
            shard.Fit(view.Subject, view.At);
        }
    }

    /// <summary>Reserves a view; all that is known of the subject with it.</summary>
    public SubjectReading Reserve(SubjectReservation view)
    {
        var shard = ShardOf(view.Subject);
        using (shard.Enter())
        {
            var counts = new SubjectCounts();
            var state = Open(shard, view.Subject, view.Windows, view.At, SubjectState.FirstOf(shard, view));
            state.Reserve(view, counts);
            shard.Fit(view.Subject, view.At);
            var reading = state.Read(view.At, view.Id, counts);
            state.StayCalm();
            return reading;
        }
    }

    public void Settle(SubjectReservation view, Settlement settlement, long now)
    {
        var shard = ShardOf(view.Subject);
        using (shard.Enter())
        {
            if (view.IsFree && settlement is { Outcome: Outcome.Displayed, MoreViews: 0, RawRecords: <= 1 } && shard.Find(view.Subject) is { } block
                && SubjectState.TryNote(shard, block, view, settlement, IsShared, now))
                return;
            var state = Open(shard, view.Subject, view.Windows, now);
            state.Settle(view, settlement);
            state.Calm();
            shard.Fit(view.Subject, now);
        }
    }

    /// <summary>What the windows hold for a view that was reserved before.</summary>
    public void Count(SubjectReservation view, SubjectCounts counts, long now)
    {
        var shard = ShardOf(view.Subject);
        using (shard.Enter())
            Open(shard, view.Subject, view.Windows, now).Count(view.Id, counts, ~0u, now);
    }

    /// <summary>All that is known of a subject with a view that was reserved before.</summary>
    public SubjectReading Read(SubjectReservation view, SubjectCounts counts)
    {
        var shard = ShardOf(view.Subject);
        using (shard.Enter())
            return Open(shard, view.Subject, view.Windows, view.At).Read(view.At, view.Id, counts);
    }

    /// <summary>What is known of a subject; null for one that is not tracked.</summary>
    public SubjectReading? Read(SubjectKey subject, WindowSet windows, long now)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
            return shard.Find(subject) is null ? null : Open(shard, subject, windows, now).Read(now);
    }

    public bool IsTracked(SubjectKey subject)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
            return shard.Find(subject) is not null;
    }

    public bool Grant(SubjectKey subject, WindowSet windows, StepUpOptions stepUp, long now)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
        {
            var until = now + (long)stepUp.Lifetime.TotalMilliseconds;
            return Open(shard, subject, windows, now).Grant(stepUp.Allowance, until, stepUp.MaxPerDay, now);
        }
    }

    /// <summary>Notes that a score asks a subject for a step-up.</summary>
    public void Ask(SubjectKey subject, WindowSet windows, long now)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
            Open(shard, subject, windows, now).Ask();
    }

    /// <summary>Notes at an address that an account seen there was accused: it is in good standing no more, until a view of it is let through again.</summary>
    public void Warn(in SubjectKey address, WindowSet windows, ulong account, long now)
    {
        var shard = ShardOf(address);
        using (shard.Enter())
        {
            if (shard.Find(address) is not null)
                Open(shard, address, windows, now).Warn(account, now);
        }
    }

    /// <summary>Clears the evidence against a subject here and, where it is told, on all nodes. The accounts known at an address are none, and stay.</summary>
    public void Forget(SubjectKey subject, WindowSet windows, long now, bool isTold)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
        {
            if ((isTold && IsShared) || shard.Find(subject) is not null)
                Open(shard, subject, windows, now).Forget(now, isTold);
        }
    }

    /// <summary>Whether an account was first seen at an address less than a day ago, or never.</summary>
    public bool IsNewcomer(SubjectKey address, WindowSet windows, SubjectKey account, long now)
    {
        var shard = ShardOf(address);
        using (shard.Enter())
            return shard.Find(address) is not null && Open(shard, address, windows, now).IsNewcomer(account.Fingerprint, now);
    }

    /// <summary>The address in clear of an address that is tracked; null for any other subject.</summary>
    public AddressInClear? AddressOf(SubjectKey subject)
    {
        if (subject.Type != SubjectType.Address)
            return null;
        var shard = ShardOf(subject);
        using (shard.Enter())
            return shard.Find(subject) is { } block && new SubjectBlock(block).Address is { PrefixLength: > 0 } address ? address : null;
    }

    /// <summary>The state of a subject, made where there was none; whoever calls holds the shard's lock.</summary>
    public SubjectState Open(SubjectShard shard, SubjectKey subject, WindowSet windows, long now, uint first = 0)
    {
        var block = shard.FindOrAdd(subject, windows, first, now);
        var layout = new SubjectBlock(block).Head.Layout;
        if (layout != windows.Id)
            block = Relabel(shard, CountPending(shard, block, WindowSet.Of(layout), now), WindowSet.Of(layout), windows);
        return new SubjectState(shard, block, windows, IsShared, now);
    }
}
