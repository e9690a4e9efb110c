using System.Globalization;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using ScrapeGuard.Telemetry;
using StackExchange.Redis;

namespace ScrapeGuard.Enforcement.Redis;

/// <summary>
/// Blocks shared through Redis: every entry stored under its subject and published to all nodes, and all of them read when the connection comes, at start
/// and after every break. What was made here while Redis was away is stored then too. An entry that no key signed is ignored and counted.
/// </summary>
internal sealed class RedisBlocks : ISharedBlocks
{
    private const int ReadAtOnce = 500;
    private const int WriteAtOnce = 100;
    private const long WarnEvery = 60_000;

    private static readonly string Script = EmbeddedScript.Read("publish-block.lua");

    private readonly RedisLink link;
    private readonly BlockList blocks;
    private readonly Pseudonyms pseudonyms;
    private readonly SettingsSource settings;
    private readonly GuardClock clock;
    private readonly GuardMetrics metrics;
    private readonly ILogger<RedisBlocks> logger;
    private readonly string prefix;
    private readonly TaskCompletionSource read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (ConnectionMultiplexer Connection, RedisChannel Channel)? subscribed;
    private long warnedAt;

    public RedisBlocks(
        RedisLink link, BlockList blocks, Pseudonyms pseudonyms, SettingsSource settings, GuardClock clock, GuardMetrics metrics,
        ILogger<RedisBlocks> logger)
    {
        this.link = link;
        this.blocks = blocks;
        this.pseudonyms = pseudonyms;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
        this.logger = logger;
        prefix = $"{settings.Current.Options.Redis.KeyPrefix}:{RedisLink.LayoutVersion}:{RedisLink.BlocksTag}";
        link.OnConnected = ReadAllAsync;
        blocks.Made += Publish;
    }

    public bool IsRead => read.Task.IsCompleted;

    public async ValueTask WhenReadAsync()
    {
        try
        {
            await read.Task.WaitAsync(link.Timeout, clock.Time);
        }
        catch (TimeoutException)
        {
            read.TrySetResult();
        }
    }

    /// <summary>Reads every entry, and stores what this node knows and Redis does not; false where it has to be tried again.</summary>
    private async Task<bool> ReadAllAsync(ConnectionMultiplexer connection)
    {
        try
        {
            await SubscribeAsync(connection);
            var database = connection.GetDatabase();
            var stored = await ReadEntriesAsync(database);
            read.TrySetResult();
            var missing = blocks.All().Where(block => !stored.TryGetValue(block.Key, out var version) || version < block.Version);
            foreach (var some in missing.Chunk(WriteAtOnce))
                await Task.WhenAll(some.Select(block => PublishAsync(database, block)));
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            logger.BlocksNotShared(exception.Message);
            return false;
        }
    }

    private async Task SubscribeAsync(ConnectionMultiplexer connection)
    {
        var channel = link.IsSharded ? RedisChannel.Sharded(prefix) : RedisChannel.Literal(prefix);
        var subscriber = connection.GetSubscriber();
        if (subscribed == (connection, channel) && await IsHeardAsync(connection, channel))
            return;
        if (subscribed is { } before)
            await subscriber.UnsubscribeAsync(before.Channel, flags: CommandFlags.FireAndForget);
        await subscriber.SubscribeAsync(channel, (_, entry) => Take(entry));
        subscribed = (connection, channel);
    }

    /// <summary>Whether messages come from the server that publishes them: after a failover of a shard that may be another.</summary>
    private async Task<bool> IsHeardAsync(ConnectionMultiplexer connection, RedisChannel channel)
    {
        if (!channel.IsSharded)
            return true;
        var publisher = await connection.GetDatabase().IdentifyEndpointAsync(IndexKey, CommandFlags.DemandMaster);
        return publisher is not null && publisher.Equals(connection.GetSubscriber().SubscribedEndpoint(channel));
    }

    private async Task<Dictionary<SubjectKey, long>> ReadEntriesAsync(IDatabase database)
    {
        var stored = new Dictionary<SubjectKey, long>();
        var subjects = await database.SortedSetRangeByRankAsync(IndexKey, 0, BlockList.Most - 1);
        foreach (var some in subjects.Chunk(ReadAtOnce))
        {
            foreach (var entry in await database.StringGetAsync([.. some.Select(subject => EntryKey(subject!))]))
            {
                if (!entry.IsNull && Take(entry) is { } block)
                    stored[block.Key] = block.Version;
            }
        }

        return stored;
    }

    /// <summary>Takes in what another node wrote; null for what no key signed.</summary>
    private Block? Take(RedisValue entry)
    {
        var block = SignedBlock.Read(entry, pseudonyms.All, prefix);
        if (block is not null)
        {
            blocks.ApplyFromElsewhere(block);
            return block;
        }

        metrics.ForgedBlock();
        var now = clock.Now;
        if (now - Interlocked.Read(ref warnedAt) > WarnEvery)
        {
            Interlocked.Exchange(ref warnedAt, now);
            logger.ForgedBlock();
        }

        return null;
    }

    private void Publish(Block block) => link.Send(async database =>
    {
        try
        {
            return await PublishAsync(database, block);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            link.ReadAgain();
            throw;
        }
    });

    private async Task<RedisResult> PublishAsync(IDatabase database, Block block)
    {
        var entry = SignedBlock.Write(block, pseudonyms.Current, prefix);
        var answer = await RunAsync(database, block, entry, 0);
        if (answer.IsNull || Take((RedisValue)answer)?.Key == block.Key)
            return answer;

        // What is stored claims to be newer, but no key signed it, or signed it for another subject: it gives way.
        return await RunAsync(database, block, entry, 1);
    }

    private Task<RedisResult> RunAsync(IDatabase database, Block block, string entry, int isForced)
    {
        var subject = $"{GuardMetrics.TagOf(block.Subject)}:{block.Hash}";
        var memory = (long)settings.Current.Options.Blocks.MaxDuration.TotalMilliseconds;
        return database.ScriptEvaluateAsync(
            Script, [EntryKey(subject), IndexKey], [subject, entry, block.Ends + memory - clock.Now, link.IsSharded ? "SPUBLISH" : "PUBLISH", prefix, isForced], RedisLink.WriteOnce);
    }

    private RedisKey IndexKey => prefix;

    private RedisKey EntryKey(string subject) => string.Create(CultureInfo.InvariantCulture, $"{prefix}:{subject}");
}
