using System.Runtime.CompilerServices;
using ScrapeGuard.Counting.Log;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>The logs that nodes share, one for each subject. Nothing here throws at a caller or makes one wait longer than the timeout.</summary>
internal sealed class RedisLogs(RedisLink link, string prefix)
{
    private static readonly string CompactText = EmbeddedScript.Read("compact.lua");

    private readonly LogKeys keys = new(prefix);

    /// <summary>
    /// Appends and reads, all subjects at once; true if all were answered. What was not is asked again as it is: an entry that arrived is not appended again.
    /// </summary>
    public ValueTask<bool> ExchangeAsync(IReadOnlyList<LogExchange> exchanges, TimeSpan patience)
    {
        for (var index = 0; index < exchanges.Count; index++)
            exchanges[index].Reset();
        return IsOneScript(exchanges) ? RunAsync(exchanges, patience) : RunAllAsync(Split(exchanges), patience);
    }

    /// <summary>
    /// Puts a snapshot in the place of a log, where that makes it a quarter shorter or mends it; null where it did not, or somebody appended meanwhile.
    /// </summary>
    /// <param name="subject">Whose log.</param>
    /// <param name="now">The time in milliseconds since 1970.</param>
    /// <param name="incarnation">Who makes the snapshot.</param>
    /// <param name="sequence">A number that none of its entries has had.</param>
    /// <param name="mostRecords">How many records are remembered.</param>
    /// <param name="memoryMilliseconds">The length of the longest window.</param>
    /// <param name="timeToLive">How long the log is kept, in milliseconds.</param>
    public async ValueTask<CompactedLog?> CompactAsync(
        SubjectKey subject, long now, uint incarnation, uint sequence, int mostRecords, long memoryMilliseconds, long timeToLive)
    {
        RedisKey key = keys.Of(subject);
        var read = await link.AskAsync(key, static (database, key) => ReadAsync(database, key), link.Timeout);
        if (read is null || (byte[]?)read is not { Length: >= LogReader.MarkLength } log)
            return null;
        var snapshot = LogSnapshot.Compact(log, now, incarnation, sequence, mostRecords, memoryMilliseconds);
        if (snapshot.Length > log.Length / 4 * 3 && LogReader.IsWellFormed(log))
            return null;
        var replace = (Key: key, Arguments: (RedisValue[])[log.Length, log.AsMemory(log.Length - LogReader.MarkLength), snapshot, timeToLive]);
        var replaced = await link.AskAsync(
            replace,
            static (database, replace) => database.ScriptEvaluateAsync(CompactText, [replace.Key], replace.Arguments, RedisLink.WriteOnce),
            link.Timeout);
        return replaced is not null && (long)replaced == 1
            ? new CompactedLog(log.Length, LogReader.LastMark(log), snapshot.Length, LogReader.LastMark(snapshot))
            : null;
    }

    private bool IsOneScript(IReadOnlyList<LogExchange> exchanges)
    {
        if (exchanges.Count > LogScript.MostKeys)
            return false;
        for (var index = 1; index < exchanges.Count && link.IsCluster; index++)
        {
            if (LogKeys.TagOf(exchanges[index].Subject) != LogKeys.TagOf(exchanges[0].Subject))
                return false;
        }

        return true;
    }

    private IEnumerable<LogExchange[]> Split(IReadOnlyList<LogExchange> exchanges) => link.IsCluster
        ? exchanges.GroupBy(exchange => LogKeys.TagOf(exchange.Subject)).SelectMany(group => group.Chunk(LogScript.MostKeys))
        : exchanges.Chunk(LogScript.MostKeys);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RunAsync(IReadOnlyList<LogExchange> exchanges, TimeSpan patience)
    {
        if (exchanges.Count == 0)
            return true;
        var answer = await link.AskAsync((keys, exchanges), static (database, script) => Run(database, script.keys, script.exchanges), patience);
        return LogScript.TryAnswer(answer, exchanges);
    }

    private async ValueTask<bool> RunAllAsync(IEnumerable<LogExchange[]> groups, TimeSpan patience)
    {
        var scripts = groups.ToArray();
        var answers = await link.AskAsync(database => Array.ConvertAll(scripts, script => Run(database, keys, script)), patience);
        var areAllAnswered = true;
        for (var index = 0; index < scripts.Length; index++)
            areAllAnswered &= LogScript.TryAnswer(answers?[index], scripts[index]);
        return areAllAnswered;
    }

    private static Task<RedisResult> Run(IDatabase database, LogKeys keys, IReadOnlyList<LogExchange> exchanges) => database.ScriptEvaluateAsync(
        LogScript.Text, LogScript.Keys(keys, exchanges), LogScript.Arguments(exchanges), RedisLink.WriteOnce);

    private static async Task<RedisResult> ReadAsync(IDatabase database, RedisKey key) =>
        RedisResult.Create(await database.StringGetAsync(key, RedisLink.WriteOnce));
}
