using ScrapeGuard.Telemetry;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Whether Redis takes what views send, and how far this clock is from its own, which all nodes share. On a cluster every master that has a share is asked:
/// what is shared with some masters only is shared with none. The time is always that of one key's master, for masters differ. By it nodes say that they
/// are there, and a server that is another than before is noticed: it may lack what was told last.
/// </summary>
internal sealed class RedisProbe
{
    private static readonly string Script = EmbeddedScript.Read("probe.lua");

    private readonly TimeSpan timeout;
    private readonly GuardClock clock;
    private readonly GuardMetrics metrics;
    private readonly NodeRoster roster;
    private readonly RedisKey[] alone;
    private readonly RedisKey[] everywhere;
    private readonly RedisKey nodes;
    private readonly Dictionary<RedisKey, string> runIds = [];

    public RedisProbe(RedisOptions options, GuardClock clock, GuardMetrics metrics, NodeRoster roster)
    {
        timeout = options.Timeout;
        this.clock = clock;
        this.metrics = metrics;
        this.roster = roster;
        nodes = $"{options.KeyPrefix}:{RedisLink.LayoutVersion}:nodes:{{probe}}";
        alone = [$"{options.KeyPrefix}:{RedisLink.LayoutVersion}:{{probe}}"];
        everywhere =
        [
            .. alone,
            $"{options.KeyPrefix}:{RedisLink.LayoutVersion}:probe:{RedisLink.BlocksTag}",
            .. LogKeys.Tags.Select(tag => (RedisKey)$"{options.KeyPrefix}:{RedisLink.LayoutVersion}:probe:{tag}"),
        ];
    }

    /// <summary>Since when nodes have shared this Redis without a long break, in milliseconds; once it is measured.</summary>
    public long Since { get; private set; } = long.MaxValue;

    /// <summary>
    /// Measures; throws where one did not take the probe in time. Half of the round trip is taken for the way back. True where a server answers that is another
    /// than at the last probe.
    /// </summary>
    public async Task<bool> MeasureAsync(IDatabase database, bool isCluster, CancellationToken stopping)
    {
        var sent = clock.ExactUncorrected;
        var started = clock.Time.GetTimestamp();
        var keys = isCluster ? everywhere : alone;
        var asked = Array.ConvertAll(keys, key => AskAsync(database, key, isStopping: false));
        var all = Task.WhenAll(asked);
        _ = all.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        try
        {
            await asked[0].WaitAsync(timeout, clock.Time, stopping);
            var took = clock.Time.GetElapsedTime(started);
            await all.WaitAsync(timeout, clock.Time, stopping);
            var answers = Array.ConvertAll(asked, one => ProbeAnswer.Parse((string)one.Result!));
            clock.Approach(answers[0].Time - sent - (long)(took.TotalMilliseconds / 2));
            roster.Hear(answers[0].Nodes, clock.Now);
            Since = answers[0].Since;
            return IsAnother(keys, answers);
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

    /// <summary>Says good-bye to the other nodes: nothing of this one is missing.</summary>
    public Task<RedisResult> SayGoodByeAsync(IDatabase database) => AskAsync(database, alone[0], isStopping: true);

    private Task<RedisResult> AskAsync(IDatabase database, RedisKey key, bool isStopping) => key == alone[0]
        ? database.ScriptEvaluateAsync(Script, [key, nodes], [roster.Own, isStopping ? 1 : 0, NodeRoster.Memory], RedisLink.WriteOnce)
        : database.ScriptEvaluateAsync(Script, [key], flags: RedisLink.WriteOnce);

    private bool IsAnother(RedisKey[] keys, ProbeAnswer[] answers)
    {
        var isAnother = false;
        for (var index = 0; index < keys.Length; index++)
        {
            isAnother |= runIds.TryGetValue(keys[index], out var before) && before != answers[index].RunId;
            runIds[keys[index]] = answers[index].RunId;
        }

        return isAnother;
    }
}
