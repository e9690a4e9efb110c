using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ScrapeGuard.Counting.Log;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>The logs that nodes share, one for each subject. Nothing here throws at a caller or makes one wait longer than the timeout.</summary>
internal sealed class RedisLogs(RedisLink link, string prefix)
{
    private const int MostIdle = 64;

    /// <summary>The longest log there is, in bytes, as in exchange.lua: that takes away what is longer.</summary>
    private const int Longest = 8 * 1024 * 1024;

    private static readonly RedisScript Exchange = new("exchange.lua");
    private static readonly RedisScript Replace = new("compact.lua");

    private readonly LogKeys keys = new(prefix);
    private readonly ConcurrentQueue<LogScript> idle = new();

    /// <summary>
    /// Appends and reads, all subjects at once; true if all scripts were answered. What was not is asked again as it is: an entry that arrived is not appended again.
    /// </summary>
    public ValueTask<bool> ExchangeAsync(IReadOnlyList<LogExchange> exchanges, TimeSpan patience)
    {
        if (exchanges.Count == 0)
            return new(true);
        for (var index = 0; index < exchanges.Count; index++)
            exchanges[index].Reset();
        return IsOneScript(exchanges) ? RunAsync(ScriptOf(exchanges), patience) : RunAllAsync(Split(exchanges), patience);
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
        if (read is null || (byte[]?)read is not { Length: > 0 and <= Longest } log)
            return null;
        var snapshot = LogSnapshot.Compact(log, now, incarnation, sequence, mostRecords, memoryMilliseconds);
        if (snapshot.Length > log.Length / 4 * 3 && LogReader.IsWellFormed(log))
            return null;
        var replaced = await link.RunAsync(
            Replace, new([key], [log.Length, log.AsMemory(Math.Max(0, log.Length - LogReader.MarkLength)), snapshot, timeToLive]), link.Timeout);
        return replaced is not null && (long)replaced == 1
            ? new CompactedLog(log.Length, log.Length < LogReader.MarkLength ? 0 : LogReader.LastMark(log), snapshot.Length, LogReader.LastMark(snapshot))
            : null;
    }

    private bool IsOneScript(IReadOnlyList<LogExchange> exchanges)
    {
        if (exchanges.Count > LogScript.MostKeys)
            return false;
        for (var index = 1; index < exchanges.Count && link.IsCluster; index++)
        {
            if (exchanges[index].Subject.Part != exchanges[0].Subject.Part)
                return false;
        }

        return true;
    }

    private LogScript ScriptOf(IReadOnlyList<LogExchange> exchanges)
    {
        var script = NextScript();
        for (var index = 0; index < exchanges.Count; index++)
            script.Add(exchanges[index]);
        return script;
    }

    /// <summary>On a cluster the keys of one script share a tag.</summary>
    private List<LogScript> Split(IReadOnlyList<LogExchange> exchanges)
    {
        var scripts = new List<LogScript>();
        var ofTag = new LogScript?[SubjectKey.Parts];
        for (var index = 0; index < exchanges.Count; index++)
        {
            ref var script = ref ofTag[link.IsCluster ? exchanges[index].Subject.Part : 0];
            if (script is null || script.Count == LogScript.MostKeys)
                scripts.Add(script = NextScript());
            script.Add(exchanges[index]);
        }

        return scripts;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RunAsync(LogScript script, TimeSpan patience) =>
        IsAnswered(script, await link.RunAsync(Exchange, script.Write(keys), patience));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RunAllAsync(List<LogScript> scripts, TimeSpan patience)
    {
        var calls = new ScriptCall[scripts.Count];
        for (var index = 0; index < calls.Length; index++)
            calls[index] = scripts[index].Write(keys);
        var answers = await link.RunAllAsync(Exchange, calls, patience);
        var areAllAnswered = true;
        for (var index = 0; index < calls.Length; index++)
            areAllAnswered &= IsAnswered(scripts[index], answers?[index]);
        return areAllAnswered;
    }

    private LogScript NextScript() => idle.TryDequeue(out var used) ? used : new LogScript();

    private bool IsAnswered(LogScript script, RedisResult? answer)
    {
        if (!script.TryAnswer(answer))
        {
            // A command without an answer may still be on its way, and its bytes with it.
            script.LeaveKeys();
            return false;
        }

        if (idle.Count >= MostIdle)
            return true;
        script.Clear();
        idle.Enqueue(script);
        return true;
    }

    private static async Task<RedisResult> ReadAsync(IDatabase database, RedisKey key) =>
        RedisResult.Create(await database.StringGetRangeAsync(key, 0, Longest, RedisLink.WriteOnce));
}
