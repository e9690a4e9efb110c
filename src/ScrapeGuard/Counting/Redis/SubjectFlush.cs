using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Takes the news of many subjects from the table, exchanges it and puts the answers back. What Redis does not answer is asked again as it is by the next
/// flush. By one thread at a time.
/// </summary>
internal sealed class SubjectFlush(SubjectTable table, RedisLogs logs, GuardClock clock, LogSequence sequence, NodeRoster roster, ILogger logger)
{
    private const int MostAtOnce = 2048;
    private const long LossMilliseconds = 60_000;
    private const long DefectMilliseconds = 60_000;

    private readonly SubjectShard[] shards = [.. table.Shards];
    private readonly IdleExchanges idle = new(table, sequence.Incarnation);
    private readonly List<SubjectExchange> batch = [];
    private readonly List<LogExchange> sent = [];
    private readonly List<SubjectExchange> unanswered = [];
    private readonly List<SubjectKey> subjects = [];
    private readonly List<SubjectKey> left = [];
    private long defectSaidAt;

    /// <summary>Told of subjects that were viewed here past half of a limit.</summary>
    public SubjectWatch? Watch { get; init; }

    /// <summary>Called when a log was found to have lost something: others may have, too.</summary>
    public Action? OnLoss { get; init; }

    /// <summary>Whether nothing is left that found no room or no answer.</summary>
    public bool IsDone => batch.Count < MostAtOnce && unanswered.Count == 0;

    /// <summary>Told of logs that have grown.</summary>
    public required LogCompaction Compaction { get; init; }

    /// <param name="share">Which news to take.</param>
    /// <param name="asked">Of <see cref="FlushShare.Asked"/> the shards of the subjects.</param>
    /// <param name="patience">The longest to wait for the answers.</param>
    /// <returns>When all that found room was answered, or was not.</returns>
    public ValueTask RunAsync(FlushShare share, List<SubjectShard> asked, TimeSpan patience)
    {
        Collect(share, asked);
        return batch.Count == 0 ? default : ExchangeAsync(patience);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ExchangeAsync(TimeSpan patience)
    {
        // Whatever happens, what is not settled is asked again with the next flush.
        unanswered.Clear();
        unanswered.AddRange(batch);
        await logs.ExchangeAsync(sent, patience);
        unanswered.Clear();
        var now = clock.Now;
        foreach (var exchange in batch)
            TrySettle(exchange, now);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What is wrong with one subject is not to stop the others.")]
    private void TrySettle(SubjectExchange exchange, long now)
    {
        try
        {
            Settle(exchange, now);
        }
        catch (Exception exception)
        {
            unanswered.Add(exchange);
            NoteDefect(exception, now);
        }
    }

    private void Settle(SubjectExchange exchange, long now)
    {
        exchange.Settle(sequence.Next, now);
        if (exchange.IsWatched)
            Watch?.Add(exchange.Log.Subject, now);
        if (!exchange.IsDone)
        {
            // Once it is among those, nothing may go wrong any more: it would be among them twice.
            if (exchange.IsMending)
                NoteLoss(now);
            unanswered.Add(exchange);
        }
        else if (!exchange.IsLong || !Compaction.TryAdd(exchange))
        {
            idle.Return(exchange);
        }
    }

    /// <summary>What is wrong with a subject is wrong again at each flush.</summary>
    private void NoteDefect(Exception exception, long now)
    {
        if (now - defectSaidAt < DefectMilliseconds)
            return;
        defectSaidAt = now;
        logger.FlushFailed(exception);
    }

    private void NoteLoss(long now)
    {
        // Said once for all that is lost together.
        if (roster.LostAt <= now - LossMilliseconds)
        {
            logger.RedisLostCounts();
            OnLoss?.Invoke();
        }

        roster.NoteLoss(now);
    }

    /// <summary>What was not answered first, then subjects with news, each shard in its turn.</summary>
    private void Collect(FlushShare share, List<SubjectShard> asked)
    {
        batch.Clear();
        sent.Clear();
        batch.AddRange(unanswered);
        var now = clock.Now;
        if (share == FlushShare.Asked)
        {
            foreach (var shard in asked)
                Collect(shard, share, now);
        }
        else
        {
            table.News.IsUrgent = false;
            foreach (var shard in shards)
                Collect(shard, share, now);
        }

        foreach (var exchange in batch)
            sent.Add(exchange.Log);
    }

    private void Collect(SubjectShard shard, FlushShare share, long now)
    {
        if (shard.Urgent.Count == 0 && (share <= FlushShare.Urgent || (shard.Touched.Count == 0 && shard.Lazy.Count == 0)))
            return;
        subjects.Clear();
        using (shard.Enter())
            Drain(shard, share);
        left.Clear();
        foreach (var subject in subjects)
            Collect(subject, share, now);
        if (left.Count == 0)
            return;
        using (shard.Enter())
            PutBack(shard, share);
    }

    /// <summary>Whoever found no room stays in the lists it was in.</summary>
    private void PutBack(SubjectShard shard, FlushShare share)
    {
        foreach (var subject in left)
        {
            if (shard.Find(subject) is not { } block)
                continue;
            var flags = new SubjectBlock(block).Head.Flags;
            if ((flags & SubjectFlags.IsUrgent) != 0)
                shard.Urgent.Add(subject);
            else if ((flags & SubjectFlags.IsTouched) != 0)
                shard.Touched.Add(subject);
            if (share == FlushShare.All && (flags & SubjectFlags.IsLazy) != 0)
                shard.Lazy.Add(subject);
        }
    }

    private void Drain(SubjectShard shard, FlushShare share)
    {
        subjects.AddRange(shard.Urgent);
        shard.Urgent.Clear();
        if (share <= FlushShare.Urgent)
            return;
        subjects.AddRange(shard.Touched);
        shard.Touched.Clear();
        if (share != FlushShare.All)
            return;
        subjects.AddRange(shard.Lazy);
        shard.Lazy.Clear();
    }

    private void Collect(SubjectKey subject, FlushShare share, long now)
    {
        if (batch.Count >= MostAtOnce)
        {
            left.Add(subject);
            return;
        }

        var exchange = idle.Take();
        if (exchange.Take(subject, share, sequence.Next, now))
            batch.Add(exchange);
        else
            idle.Return(exchange);
    }
}
