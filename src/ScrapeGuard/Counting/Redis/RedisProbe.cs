using ScrapeGuard.Telemetry;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Whether Redis takes what views send, and how far this clock is from its own, which all nodes share. On a cluster every master that has a share is asked:
/// what is shared with some masters only is shared with none. The time is always that of one key's master, for masters differ.
/// </summary>
internal sealed class RedisProbe
{
    private static readonly string Script = EmbeddedScript.Read("probe.lua");

    private readonly TimeSpan timeout;
    private readonly GuardClock clock;
    private readonly GuardMetrics metrics;
    private readonly RedisKey[] alone;
    private readonly RedisKey[] everywhere;

    public RedisProbe(RedisOptions options, GuardClock clock, GuardMetrics metrics)
    {
        timeout = options.Timeout;
        this.clock = clock;
        this.metrics = metrics;
        alone = [$"{options.KeyPrefix}:{RedisLink.LayoutVersion}:{{probe}}"];
        everywhere =
        [
            .. alone,
            $"{options.KeyPrefix}:{RedisLink.LayoutVersion}:probe:{RedisLink.BlocksTag}",
            .. LogKeys.Tags.Select(tag => (RedisKey)$"{options.KeyPrefix}:{RedisLink.LayoutVersion}:probe:{tag}"),
        ];
    }

    /// <summary>Measures; throws where one did not take the probe in time. Half of the round trip is taken for the way back.</summary>
    public async Task MeasureAsync(IDatabase database, bool isCluster, CancellationToken stopping)
    {
        var sent = clock.Uncorrected;
        var started = clock.Time.GetTimestamp();
        var asked = Array.ConvertAll(
            isCluster ? everywhere : alone, key => database.ScriptEvaluateAsync(Script, [key], flags: RedisLink.WriteOnce));
        var all = Task.WhenAll(asked);
        _ = all.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        try
        {
            await asked[0].WaitAsync(timeout, clock.Time, stopping);
            var took = clock.Time.GetElapsedTime(started);
            await all.WaitAsync(timeout, clock.Time, stopping);
            clock.Approach((long)asked[0].Result - sent - (long)(took.TotalMilliseconds / 2));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no answer within {timeout.TotalMilliseconds} ms");
        }
        finally
        {
            var took = clock.Time.GetElapsedTime(started);
            foreach (var one in asked)
                metrics.RedisAnswered(one.IsCompletedSuccessfully ? "answered" : one.IsFaulted ? "failed" : "timeout", took);
        }
    }
}
