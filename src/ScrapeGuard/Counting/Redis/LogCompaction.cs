using System.Collections.Concurrent;

namespace ScrapeGuard.Counting.Redis;

/// <summary>Logs that have grown and are to be put together; between flushes, so that no view waits for it.</summary>
internal sealed class LogCompaction(RedisLogs logs, SettingsSource settings, GuardClock clock, LogSequence sequence)
{
    private const int MostAtOnce = 8;
    private const int MostWaiting = 1024;

    private readonly ConcurrentQueue<SubjectExchange> waiting = new();

    /// <summary>Takes the exchange over; false where too many wait already: the log will be long again.</summary>
    public bool TryAdd(SubjectExchange exchange)
    {
        if (waiting.Count >= MostWaiting)
            return false;
        waiting.Enqueue(exchange);
        return true;
    }

    /// <summary>Puts some of them together.</summary>
    public async ValueTask RunAsync()
    {
        for (var number = 0; number < MostAtOnce && waiting.TryDequeue(out var exchange); number++)
        {
            var (subject, timeToLive) = (exchange.Log.Subject, exchange.Log.TimeToLive);
            var longest = settings.Current.Limits.WindowsOf(subject.Type).Longest;
            var mostRecords = settings.Current.Options.Exposure.MaxRecords;
            if (await logs.CompactAsync(subject, clock.Now, sequence.Incarnation, sequence.Next, mostRecords, longest, timeToLive) is { } compacted)
                exchange.Adopt(compacted);
        }
    }
}
