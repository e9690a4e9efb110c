using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Tests.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>Nodes on one Redis Cluster, and what they do while a master of it is gone.</summary>
[Collection(nameof(SharedPortalTests))]
public class ClusterPortalTests
{
    [Fact]
    public async Task Nodes_count_and_block_together_also_after_a_failover_and_one_that_starts_later_knows_the_blocked()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await AssertBoundedInBatchesAsync(cluster);
        await using var listener = await ConnectionMultiplexer.ConnectAsync(cluster.Configuration);
        var told = new ConcurrentBag<bool>();
        await listener.GetSubscriber().SubscribeAsync(RedisChannel.Sharded("sg:1:{blocks}"), (_, _) => told.Add(true));
        await listener.GetSubscriber().SubscribeAsync(RedisChannel.Literal("sg:1:{blocks}"), (_, _) => told.Add(false));
        await using var first = await SharedPortal.StartAsync(cluster.Configuration);
        await using var second = await SharedPortal.StartAsync(cluster.Configuration);
        await AssertSharedAsync(first, second, "203.0.113.1");
        await first.UntilAsync(() => !told.IsEmpty, "the block is told on its shard");
        Assert.DoesNotContain(false, told);
        await AssertBlockTravelsAsync(first, second, "203.0.113.2");

        var master = await cluster.MasterOfAsync("{blocks}");
        await cluster.UntilReplicatedAsync(master);
        await cluster.KillMasterAsync(master);
        for (var record = 1; record <= 40; record++)
            Assert.Equal(HttpStatusCode.OK, await (record % 2 == 0 ? first : second).GetAsync(record, $"198.51.100.{record}"));
        await cluster.UntilTakenOverAsync(master);
        await UntilSharedAsync(first);
        await UntilSharedAsync(second);
        await AssertBlockTravelsAsync(first, second, "203.0.113.3");
        await AssertBlockTravelsAsync(second, first, "203.0.113.4");
        await AssertSharedAsync(first, second, "203.0.113.5");

        await using var third = await SharedPortal.StartAsync(cluster.Configuration, whenConnected: false);
        foreach (var address in (int[])[1, 2, 3, 4, 5])
            Assert.Equal(HttpStatusCode.TooManyRequests, await third.GetAsync(999, $"203.0.113.{address}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_master_killed_or_frozen_under_load_stalls_no_view_and_all_is_shared_again_when_its_replica_took_over(bool isKilled)
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var first = await SharedPortal.StartImpatientAsync(cluster.Configuration);
        await using var second = await SharedPortal.StartImpatientAsync(cluster.Configuration);
        await AssertBlockTravelsAsync(first, second, "203.0.113.1");
        var master = await cluster.MasterOfAsync("{blocks}");
        await cluster.UntilReplicatedAsync(master);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = Enumerable.Range(0, 4).Select(worker => LoadAsync(worker % 2 == 0 ? first : second, worker, stop.Token)).ToArray();
        var stalls = SharedPortal.StallsAsync(stop.Token);
        await Task.Delay(300, stop.Token);
        first.Durations.Clear();
        second.Durations.Clear();
        var started = TimeProvider.System.GetTimestamp();
        if (isKilled)
            await cluster.KillMasterAsync(master);
        else
            cluster.FreezeMaster(master);
        await first.UntilAsync(() => first.Logs.GetSnapshot().Any(record => record.Id.Id == 14), "the first node says that Redis is away");
        var away = TimeProvider.System.GetElapsedTime(started);
        await cluster.UntilTakenOverAsync(master);
        var taken = TimeProvider.System.GetElapsedTime(started);
        await UntilSharedAsync(first);
        await UntilSharedAsync(second);
        var shared = TimeProvider.System.GetElapsedTime(started);
        await stop.CancelAsync();
        var answers = (await Task.WhenAll(load)).Sum();
        var stall = await stalls;
        var longest = first.Durations["scrapeguard.decision.duration"].Concat(second.Durations["scrapeguard.decision.duration"]).Max();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{answers} views, away after {away.TotalSeconds:F1} s, taken over {taken.TotalSeconds:F1} s, shared {shared.TotalSeconds:F1} s, longest decision {longest * 1000:F0} ms, longest stall {stall * 1000:F0} ms");
        Assert.InRange(longest, 0, 0.070 + stall);
        await AssertBlockTravelsAsync(second, first, "203.0.113.3");
        await AssertBlockTravelsAsync(first, second, "203.0.113.4");
        await AssertSharedAsync(first, second, "203.0.113.5", most: 53);
    }

    /// <summary>Two nodes that tell each other in batches let no more than a few past the limit.</summary>
    private static async Task AssertBoundedInBatchesAsync(RedisCluster cluster)
    {
        await using var first = await SharedPortal.StartAsync(cluster.Configuration, InBatches);
        await using var second = await SharedPortal.StartAsync(cluster.Configuration, InBatches);
        var shown = 0;
        for (var record = 1; record <= 60; record++)
        {
            shown += await (record % 2 == 0 ? first : second).GetAsync(record) == HttpStatusCode.OK ? 1 : 0;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.InRange(shown, 50, 55);
        await first.UntilAsync(() => first.Blocks.Active().Count == 1 && second.Blocks.Active().Count == 1, "both know the block", 1);

        static void InBatches(ScrapeGuardOptions options)
        {
            options.Redis.Consistency = RedisConsistency.Batched;
            options.Redis.KeyPrefix = "batches";
        }
    }

    /// <summary>Two nodes admit what one would: exactly, where they have the patience.</summary>
    private static async Task AssertSharedAsync(SharedPortal first, SharedPortal second, string address, int most = 50)
    {
        var shown = 0;
        for (var record = 1; record <= most + 1; record++)
            shown += await (record % 2 == 0 ? first : second).GetAsync(record, address) == HttpStatusCode.OK ? 1 : 0;
        Assert.True(shown >= 50 && shown <= most, $"{shown} shown of {address}. Logged: {Logged(first)} | {Logged(second)}");
        await first.UntilAsync(() => IsBlocked(first, address) && IsBlocked(second, address), "both nodes know the block", seconds: 1);
    }

    /// <summary>What one node blocks the other refuses within a second.</summary>
    private static async Task AssertBlockTravelsAsync(SharedPortal from, SharedPortal to, string address)
    {
        for (var record = 1; record <= 51; record++)
            await from.GetAsync(record, address);
        Assert.True(IsBlocked(from, address));
        await to.UntilAsync(() => IsBlocked(to, address), "the other node knows the block", seconds: 1);
        Assert.Equal(HttpStatusCode.TooManyRequests, await to.GetAsync(1, address));
    }

    private static string Logged(SharedPortal portal) => string.Join(", ", portal.Logs.GetSnapshot().Select(record => $"{record.Timestamp:ss.fff} {record.Message}"));

    private static bool IsBlocked(SharedPortal portal, string address) => portal.Blocks.Active().Any(block => block.Value == address);

    private static Task UntilSharedAsync(SharedPortal portal) =>
        portal.UntilAsync(() => portal.Services.GetRequiredService<Sharing>().State!.IsAvailable, "the node shares again", 20);

    private static async Task<int> LoadAsync(SharedPortal portal, int worker, CancellationToken stop)
    {
        var random = new Random(worker);
        var answers = 0;
        for (; !stop.IsCancellationRequested; answers++)
        {
            var status = await portal.GetAsync(random.Next(1, 20_000), $"198.51.{random.Next(256)}.{random.Next(256)}");
            Assert.True((int)status < 500, $"{status}");
            await Task.Delay(2, CancellationToken.None);
        }

        return answers;
    }
}
