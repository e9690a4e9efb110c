using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>One node with a table of its own, one subject and the log of that, without a Redis: whoever drives it says what arrives.</summary>
internal sealed class CountingNode(MemoryLog log, WindowSet windows, SubjectKey subject, uint incarnation)
{
    private readonly SubjectTable table = new(64 << 20, isShared: true);
    private SubjectExchange? underWay;
    private uint sequence;
    private ulong views = incarnation * 1_000_000UL;

    public List<SubjectReservation> Open { get; } = [];

    public SubjectReservation Reserve(long now, ulong record, uint charge, bool isAwaited, int[] strictest)
    {
        var view = new SubjectReservation
        {
            Subject = subject,
            Windows = windows,
            Id = ++views,
            At = now,
            Charge = charge,
            Records = [record],
            Neighbours = [record - 1, record + 1],
            IsAwaited = isAwaited,
            Strictest = strictest,
        };
        table.Reserve(view, new SubjectCounts());
        Open.Add(view);
        return view;
    }

    public void Settle(SubjectReservation view, Outcome outcome, long now)
    {
        Open.Remove(view);
        table.Settle(view, new Settlement(outcome), now);
    }

    public bool Grant(long now) => table.Grant(subject, windows, new StepUpOptions { Allowance = 5, Lifetime = TimeSpan.FromHours(1), MaxPerDay = 9 }, now);

    public void Forget(long now)
    {
        Open.Clear();
        table.Forget(subject, windows, now, isTold: true);
    }

    /// <summary>Asks Redis until there is no more to ask.</summary>
    public void Exchange(long now)
    {
        for (var trip = 0; trip < 12; trip++)
        {
            Begin(now);
            log.Exchange(underWay!.Log);
            End(now);
            if (underWay is null && table.IsTold(subject))
                return;
        }

        throw new InvalidOperationException("Twelve trips were not enough.");
    }

    /// <summary>Asks once; the question arrives or not, and the answer does not.</summary>
    public void LoseAnswer(long now, bool hasArrived)
    {
        Begin(now);
        if (hasArrived)
            log.Exchange(underWay!.Log);
        underWay!.Log.Reset();
        End(now);
    }

    public void Compact(long now)
    {
        if (log.Compact(now, incarnation, ++sequence, windows.Longest) is { } compacted && underWay is null)
            new SubjectExchange(table, incarnation, new LogExpiry(incarnation)) { Log = { Subject = subject } }.Adopt(compacted);
    }

    /// <summary>Whether the subject is said to be calm, and whether it may be: no window of it holds more than that allows, no allowance, and no step-up is asked.</summary>
    public (bool IsCalm, bool MayBe) LookAtCalm()
    {
        var shard = table.ShardOf(subject);
        using (shard.Enter())
        {
            if (shard.Find(subject) is not { } bytes)
                return (false, true);
            var block = new SubjectBlock(bytes);
            var mayBe = (block.Head.Flags & SubjectFlags.IsAsked) == 0 && (block.Head.Side == 0 || shard.Sides.Read(block.Head.Side)!.AllowanceUntil == 0);
            for (var index = 0; index < windows.Calm.Length; index++)
                mayBe &= block.Windows[index].Total <= windows.Calm[index];
            return ((block.Head.Flags & SubjectFlags.IsCalm) != 0, mayBe);
        }
    }

    public SubjectReading Read(long now) => table.Read(subject, windows, now) ?? SubjectReading.None(windows);

    private void Begin(long now)
    {
        if (underWay is not null)
            return;
        table.Touch(subject, windows, now);
        underWay = new SubjectExchange(table, incarnation, new LogExpiry(incarnation));
        if (!underWay.Take(subject, FlushShare.All, ++sequence, now))
            throw new InvalidOperationException("The subject is on its way already.");
    }

    private void End(long now)
    {
        underWay!.Settle(++sequence, now);
        if (underWay.IsDone)
            underWay = null;
    }
}
