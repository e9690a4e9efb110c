using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Takes the news of many subjects from the table, exchanges it and puts the answers back. What Redis does not answer is asked again as it is by the next
/// flush. By one thread at a time.
/// </summary>
internal sealed class SubjectFlush(SubjectTable table, RedisLogs logs, GuardClock clock, LogSequence sequence, NodeRoster roster, FlushPauses pauses, ILogger logger)
{
    private const long LossMilliseconds = 60_000;
    private const long DefectMilliseconds = 60_000;

    private readonly IdleExchanges idle = new(table, sequence.Incarnation);
    private readonly NewsCollection news = new(table, sequence, pauses);
    private readonly List<SubjectExchange> batch = [];
    private readonly List<LogExchange> sent = [];
    private readonly List<SubjectExchange> unanswered = [];
    private long defectSaidAt;

    /// <summary>Told of subjects that were viewed here past half of a limit.</summary>
    public SubjectWatch? Watch { get; init; }

    /// <summary>Called when a log was found to have lost something: others may have, too.</summary>
    public Action? OnLoss { get; init; }

    /// <summary>Whether there was nothing to exchange.</summary>
    public bool WasEmpty => batch.Count == 0;

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

    /// <summary>What was not answered first, then subjects with news.</summary>
    private void Collect(FlushShare share, List<SubjectShard> asked)
    {
        batch.Clear();
        sent.Clear();
        batch.AddRange(unanswered);
        news.AddTo(batch, share, asked, idle, clock.Now);
        foreach (var exchange in batch)
            sent.Add(exchange.Log);
    }
}
