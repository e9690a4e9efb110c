using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Operations;
using ScrapeGuard.Tests.Counting;
using ScrapeGuard.Tests.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>Two nodes on one Redis: what they share, and what they do while it is away, slow or back.</summary>
[Collection(nameof(SharedPortalTests))]
[CollectionDefinition(nameof(SharedPortalTests), DisableParallelization = true)]
public class SharedPortalTests
{
    private const string Scraper = "203.0.113.7";

    [Fact]
    public async Task Two_nodes_count_together_and_what_one_blocks_the_other_refuses_within_a_second()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        await using var second = await SharedPortal.StartAsync(redis.Configuration);
        var shown = 0;
        for (var record = 1; record <= 51; record++)
            shown += await (record % 2 == 0 ? first : second).GetAsync(record) == HttpStatusCode.OK ? 1 : 0;
        Assert.Equal(50, shown);

        var other = first.Blocks.Active().Count > 0 ? second : first;
        await other.UntilAsync(() => other.Blocks.Active().Count == 1, "the other node knows the block", seconds: 1);
        Assert.Equal(HttpStatusCode.TooManyRequests, await first.GetAsync(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, await second.GetAsync(1));
        Assert.Equal(HttpStatusCode.OK, await second.GetAsync(1, "203.0.113.9"));
    }

    [Theory]
    [InlineData(RedisConsistency.Strict, 70)]
    [InlineData(RedisConsistency.Batched, 53)]
    public async Task A_blocked_client_costs_no_redis_command_and_a_view_one_at_most(RedisConsistency consistency, int most)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var portal = await SharedPortal.StartAsync(redis.Configuration, options => options.Redis.Consistency = consistency);
        for (var record = 1; record <= 51; record++)
            await portal.GetAsync(record);
        await Task.Delay(300, TestContext.Current.CancellationToken);

        // The connection, the blocks and the block take a few.
        var before = portal.Counters["scrapeguard.redis.commands"];
        Assert.InRange(before, 2, most);
        for (var view = 0; view < 100; view++)
            Assert.Equal(HttpStatusCode.TooManyRequests, await portal.GetAsync(view));

        // The probe of the background is the only command that may fall into this time.
        Assert.InRange(portal.Counters["scrapeguard.redis.commands"] - before, 0, 1);
    }

    [Fact]
    public async Task A_node_that_starts_later_refuses_the_blocked_at_their_first_view()
    {
        await using var redis = await RedisServer.StartAsync();
        await using (var first = await SharedPortal.StartAsync(redis.Configuration))
        {
            for (var record = 1; record <= 51; record++)
                await first.GetAsync(record);
            await first.UntilAsync(() => redis.Keys("*blocks*") == 2, "the block is stored");
        }

        await using var second = await SharedPortal.StartAsync(redis.Configuration, whenConnected: false);
        Assert.Equal(HttpStatusCode.TooManyRequests, await second.GetAsync(999));
    }

    [Fact]
    public async Task An_unblock_on_one_node_clears_the_evidence_on_all_and_outlives_an_older_block()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        await using var second = await SharedPortal.StartAsync(redis.Configuration);
        for (var record = 1; record <= 51; record++)
            await first.GetAsync(record);
        await second.UntilAsync(() => second.Blocks.Active().Count == 1, "the other node knows the block");
        var block = second.Blocks.Active()[0];
        Assert.True(await second.Services.GetRequiredService<Operator>().UnblockAsync(block.Id));
        await first.UntilAsync(() => first.Blocks.Active().Count == 0, "the first node knows of the unblock");

        first.Blocks.ApplyFromElsewhere(block);
        Assert.Empty(first.Blocks.Active());
        Assert.Equal(HttpStatusCode.OK, await first.GetAsync(100));
        Assert.Equal(HttpStatusCode.OK, await second.GetAsync(101));
        await second.Services.GetRequiredService<Sharing>().Subjects!.ExchangeAsync([block.Key], TimeSpan.FromSeconds(5));
        var windows = second.Services.GetRequiredService<SettingsSource>().Current.Limits.WindowsOf(SubjectType.Address);
        var reading = second.Services.GetRequiredService<SubjectTable>().Read(block.Key, windows, second.Services.GetRequiredService<GuardClock>().Now);
        Assert.InRange(reading!.Displayed, 1, 2);
    }

    [Fact]
    public async Task A_step_up_completed_on_one_node_admits_on_the_other_and_charges_no_address()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration, options => options.StepUp.Path = "/confirm");
        await using var second = await SharedPortal.StartAsync(redis.Configuration, options => options.StepUp.Path = "/confirm");
        for (var record = 1; record <= 60; record++)
            Assert.Equal(HttpStatusCode.OK, await (record % 2 == 0 ? first : second).GetAsync(record, user: "ann"));
        Assert.Equal(HttpStatusCode.Forbidden, await first.GetAsync(61, user: "ann"));
        Assert.Equal(HttpStatusCode.Forbidden, await second.GetAsync(61, user: "ann"));
        using (var confirmed = await first.SendAsync("/confirm", user: "ann"))
            Assert.Equal("True", await confirmed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var shown = 0;
        for (var record = 61; record <= 90; record++)
            shown += await (record % 3 == 0 ? first : second).GetAsync(record, user: "ann") == HttpStatusCode.OK ? 1 : 0;
        Assert.Equal(20, shown);
        Assert.Empty(first.Blocks.Active());
        Assert.Empty(second.Blocks.Active());
    }

    [Fact]
    public async Task A_forged_entry_is_ignored_and_counted_and_gives_way_to_a_real_one()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        await using var portal = await SharedPortal.StartAsync(redis.Configuration);
        for (var record = 1; record <= 51; record++)
            await portal.GetAsync(record);
        await portal.UntilAsync(() => redis.Keys("*blocks*") == 2, "the block is stored");
        var database = writer.GetDatabase();
        var member = (string)(await database.SortedSetRangeByRankAsync("sg:1:{blocks}"))[0]!;
        var real = (string)(await database.StringGetAsync("sg:1:{blocks}:" + member))!;

        // Somebody else's block made of a real one: the same MAC over other words, and a version no real entry reaches.
        var victim = real.Replace("203.0.113.7", "198.51.100.1", StringComparison.Ordinal);
        var newer = "1 99999999999999 " + real.Split(' ', 3)[2];
        await writer.GetSubscriber().PublishAsync(RedisChannel.Literal("sg:1:{blocks}"), victim);
        await database.StringSetAsync("sg:1:{blocks}:" + member, newer, TimeSpan.FromHours(1));
        await portal.UntilAsync(() => portal.Counters.GetValueOrDefault("scrapeguard.blocks.invalid") == 1, "the forged message is counted");
        Assert.Equal(["203.0.113.7"], portal.Blocks.Active().Select(block => block.Value));

        await using var second = await SharedPortal.StartAsync(redis.Configuration);
        Assert.Empty(second.Blocks.Active());
        Assert.Equal(1, second.Counters.GetValueOrDefault("scrapeguard.blocks.invalid"));
        Assert.Equal(HttpStatusCode.OK, await second.GetAsync(1, "198.51.100.1"));

        await portal.Services.GetRequiredService<Operator>().UnblockAsync(portal.Blocks.Active()[0].Id);
        await portal.UntilAsync(() => ((string?)database.StringGet("sg:1:{blocks}:" + member))!.Contains("\"isLifted\":true", StringComparison.Ordinal), "the real entry is stored");
    }

    [Fact]
    public async Task A_node_with_another_key_ignores_blocks_it_cannot_check_and_says_so()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        for (var record = 1; record <= 51; record++)
            await first.GetAsync(record);
        await first.UntilAsync(() => redis.Keys("*blocks*") == 2, "the block is stored");
        await using var second = await SharedPortal.StartAsync(redis.Configuration, options => options.Keys["test"].Value = Convert.ToBase64String(new byte[32]));
        Assert.Empty(second.Blocks.Active());
        Assert.Contains(second.Logs.GetSnapshot(), record => record.Id.Id == 18);
    }

    [Fact]
    public async Task Nodes_without_a_key_in_common_are_degraded_until_they_have_one()
    {
        var old = Convert.ToBase64String(new byte[32]);
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        await using (var apart = await SharedPortal.StartAsync(redis.Configuration, options => options.Keys["test"].Value = old))
        {
            await first.UntilAsync(() => first.Services.GetRequiredService<Sharing>().State!.NodesApart == 1, "the other key is noticed");
            Assert.Equal((HealthStatus.Degraded, HealthStatus.Degraded), (await first.HealthAsync(), await apart.HealthAsync()));
            await apart.StopAsync();
        }

        // Keys are rotated one node after the other: for a while one node knows both and the other one.
        await using var rotated = await SharedPortal.StartAsync(
            redis.Configuration, options => options.Keys["old"] = new KeyOptions { Value = old, From = DateTimeOffset.UnixEpoch });
        await first.UntilAsync(() => first.Services.GetRequiredService<Sharing>().State is { NodesApart: 0, Nodes: 2 }, "the other key has gone");
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Healthy), (await first.HealthAsync(), await rotated.HealthAsync()));
        Assert.Single(first.Logs.GetSnapshot(), record => record.Id.Id == 27);
    }

    [Fact]
    public async Task A_redis_that_answers_and_takes_no_writes_is_away_and_said_to_be_once()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "No redis-server is installed.");
        await using var redis = await RedisServer.StartAsync();
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.Configuration + ",allowAdmin=true");
        await using var portal = await SharedPortal.StartImpatientAsync(redis.Configuration);
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "1");
        for (var view = 0; view < 300; view++)
        {
            Assert.Equal(HttpStatusCode.OK, await portal.GetAsync(1, $"198.51.100.{view % 200}"));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, portal.Logs.GetSnapshot().Count(record => record.Id.Id == 14));
        Assert.Contains("OOM", portal.Logs.GetSnapshot().Single(record => record.Id.Id == 14).Message, StringComparison.Ordinal);
        Assert.Equal(0, portal.Logs.GetSnapshot().Count(record => record.Id.Id == 15));
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "0");
        await portal.UntilAsync(() => portal.Services.GetRequiredService<Sharing>().State!.IsAvailable, "it shares again");
    }

    [Fact]
    public async Task A_connection_that_breaks_and_comes_back_loses_no_block()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "No redis-server is installed.");
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        await using var second = await SharedPortal.StartAsync(redis.Configuration + ",name=listener");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.Configuration + ",allowAdmin=true");
        var server = admin.GetServers()[0];
        for (var address = 1; address <= 4; address++)
        {
            foreach (var client in (await server.ClientListAsync()).Where(client => client.Name == "listener"))
                await server.ClientKillAsync(client.Id);
            for (var record = 1; record <= 51; record++)
                await first.GetAsync(record, $"203.0.113.{address}");
        }

        await second.UntilAsync(() => second.Blocks.Active().Count == 4, "the other node knows every block");
    }

    [Fact]
    public async Task Blocks_that_could_not_be_read_are_read_when_they_can_be()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        await using (var first = await SharedPortal.StartAsync(redis.Configuration))
        {
            for (var record = 1; record <= 51; record++)
                await first.GetAsync(record);
            await first.UntilAsync(() => redis.Keys("*blocks*") == 2, "the block is stored");
        }

        var database = writer.GetDatabase();
        await database.KeyRenameAsync("sg:1:{blocks}", "sg:1:{blocks}:aside");
        await database.StringSetAsync("sg:1:{blocks}", "no index", TimeSpan.FromMinutes(1));
        await using var second = await SharedPortal.StartAsync(redis.Configuration, whenConnected: false);
        await second.UntilAsync(() => second.Logs.GetSnapshot().Any(record => record.Id.Id == 19), "it says that the blocks are not read");
        await database.KeyRenameAsync("sg:1:{blocks}:aside", "sg:1:{blocks}");
        await second.UntilAsync(() => second.Blocks.Active().Count == 1, "the block is read", 15);
    }

    [Fact]
    public async Task A_redis_that_lost_its_data_makes_no_block_reach_further()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await ConnectionMultiplexer.ConnectAsync(redis.Configuration + ",allowAdmin=true");
        await using var portal = await SharedPortal.StartAsync(redis.Configuration);
        await portal.GetAsync(1, user: "ann");
        await writer.GetServers()[0].FlushAllDatabasesAsync();
        for (var record = 1; record <= 60; record++)
            await portal.GetAsync(record);
        Assert.Equal(BlockReach.Strangers, Assert.Single(portal.Blocks.Active()).Reach);
        Assert.Equal(HttpStatusCode.OK, await portal.GetAsync(2, user: "ann"));
    }

    [Fact]
    public async Task Nodes_whose_clocks_differ_and_step_back_hold_a_block_for_its_length_whatever_time_its_key_is_given()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        var walls = ((double[])[1, -1, 0, -3600]).Select(ahead => new WallClock { Ahead = TimeSpan.FromSeconds(ahead) }).ToArray();
        await using var ahead = await SharedPortal.StartAsync(redis.Configuration, time: walls[0]);
        await using var behind = await SharedPortal.StartAsync(redis.Configuration, time: walls[1]);
        await using var stepping = await SharedPortal.StartAsync(redis.Configuration, time: walls[2]);
        var made = TimeProvider.System.GetTimestamp();
        Assert.Null(ahead.Services.GetRequiredService<Operator>().Block(new BlockRequest(SubjectType.Address, Scraper, "00:00:03", null, BlockReach.Everyone), out _));
        await ahead.UntilAsync(() => behind.Blocks.Active().Count == 1 && stepping.Blocks.Active().Count == 1, "the other nodes know the block", 1);
        walls[2].Ahead = TimeSpan.FromSeconds(-1);
        var database = writer.GetDatabase();
        var entry = "sg:1:{blocks}:" + (await database.SortedSetRangeByRankAsync("sg:1:{blocks}"))[0];
        Assert.True(await database.KeyExpireAsync(entry, TimeSpan.FromDays(365)));
        await using var late = await SharedPortal.StartAsync(redis.Configuration, time: walls[3]);
        await late.UntilAsync(() => late.Blocks.Active().Count == 1, "the node that started late knows the block", 1);

        SharedPortal[] nodes = [ahead, behind, stepping, late];
        var held = new double[nodes.Length];
        for (var now = 0.0; now < 5; now = TimeProvider.System.GetElapsedTime(made).TotalSeconds)
        {
            for (var node = 0; node < nodes.Length; node++)
                held[node] = nodes[node].Blocks.Active().Count > 0 ? now : held[node];
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        TestContext.Current.TestOutputHelper!.WriteLine("held for " + string.Join(", ", held.Select(seconds => $"{seconds:F2} s")));
        Assert.All(held, seconds => Assert.InRange(seconds, 2.5, 4));
        await using var last = await SharedPortal.StartAsync(redis.Configuration);
        Assert.Empty(last.Blocks.Active());
    }

    [Fact]
    public async Task What_redis_lost_or_was_given_back_is_mended_by_whoever_knows_better()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var writer = await ConnectionMultiplexer.ConnectAsync(redis.Configuration + ",allowAdmin=true");
        await using var portal = await SharedPortal.StartAsync(redis.Configuration);
        var link = (ScrapeGuard.Counting.Redis.RedisLink)portal.Services.GetRequiredService<Sharing>().State!;
        for (var record = 1; record <= 51; record++)
            await portal.GetAsync(record);
        await portal.UntilAsync(() => redis.Keys("*blocks*") == 2, "the block is stored");
        var database = writer.GetDatabase();
        var entry = "sg:1:{blocks}:" + (await database.SortedSetRangeByRankAsync("sg:1:{blocks}"))[0];
        var old = (string)(await database.StringGetAsync(entry))!;

        // What the probe does once a minute.
        await writer.GetServers()[0].FlushAllDatabasesAsync();
        link.ReadAgain();
        await portal.UntilAsync(() => redis.Keys("*blocks*") == 2, "the block is stored again");

        await portal.Services.GetRequiredService<Operator>().UnblockAsync(portal.Blocks.Active()[0].Id);
        await portal.UntilAsync(() => (string?)database.StringGet(entry) != old, "the unblock is stored");
        await database.StringSetAsync(entry, old, TimeSpan.FromHours(1));
        link.ReadAgain();
        await portal.UntilAsync(() => (string?)database.StringGet(entry) != old, "the unblock is stored again");
    }

    [Fact]
    public async Task What_redis_lost_is_told_again_by_every_node_also_of_subjects_that_are_viewed_no_more()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        await using var second = await SharedPortal.StartAsync(redis.Configuration);
        for (var record = 1; record <= 10; record++)
            await first.GetAsync(record);
        for (var record = 11; record <= 25; record++)
            await second.GetAsync(record);
        await redis.KillAsync();
        await first.UntilAsync(() => !State(first).IsAvailable && !State(second).IsAvailable, "both nodes notice that Redis is away", 20);
        await redis.RestartAsync();
        await first.UntilAsync(() => State(first).LostAt is not null && State(second).LostAt is not null, "both nodes tell what they knew", 30);
        await using var third = await SharedPortal.StartAsync(redis.Configuration);
        await third.UntilAsync(() => Records(third) == 25, "a node that starts now knows all 25", 10);
        Assert.Equal((25, 25, 25), (Records(first), Records(second), Records(third)));

        static ISharedState State(SharedPortal node) => node.Services.GetRequiredService<Sharing>().State!;

        static int Records(SharedPortal node) =>
            node.Services.GetRequiredService<Operator>().SubjectsAsync(1, Scraper, null, null).AsTask().GetAwaiter().GetResult().Items is [var item] ? item.Records : 0;
    }

    /// <summary>A node whose client goes on at another one hears of it when an operator looks, whether the client is named or not.</summary>
    [Fact]
    public async Task An_operator_sees_on_any_node_what_all_nodes_counted()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        await using var second = await SharedPortal.StartAsync(redis.Configuration);
        await second.GetAsync(1);
        for (var record = 2; record <= 9; record++)
            await first.GetAsync(record);

        // What no limit counts is told within ten seconds.
        await second.UntilAsync(() => ViewsListedBy(second) == 9, "the list tells what the other node counted", seconds: 20);

        static int? ViewsListedBy(SharedPortal node) =>
            node.Services.GetRequiredService<Operator>().SubjectsAsync(50, null, null, null).AsTask().GetAwaiter().GetResult()
                .Items.Where(item => item.Subject == SubjectType.Address).Max(item => item.RawViews);
    }

    [Fact]
    public async Task A_node_that_stops_says_good_bye_and_is_not_missed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        var roster = ((ScrapeGuard.Counting.Redis.RedisLink)first.Services.GetRequiredService<Sharing>().State!).Roster;
        var second = await SharedPortal.StartAsync(redis.Configuration);
        await second.StopAsync();
        await second.DisposeAsync();
        var link = (ScrapeGuard.Counting.Redis.RedisLink)first.Services.GetRequiredService<Sharing>().State!;
        link.ReadAgain();
        await first.UntilAsync(() => redis.Keys("*nodes*") == 1 && roster.Count(long.MaxValue / 2) == 1, "the node that stopped is known to have", 10);
        Assert.Equal(0, roster.Silent(long.MaxValue / 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redis_killed_or_frozen_under_load_costs_no_answer_and_no_block_and_is_shared_again_when_it_is_back(bool isKilled)
    {
        await using var redis = await RedisServer.StartAsync();
        Assert.SkipUnless(redis.IsProcess, "No redis-server is installed.");
        await using var first = await SharedPortal.StartImpatientAsync(redis.Configuration);
        await using var second = await SharedPortal.StartImpatientAsync(redis.Configuration);
        for (var record = 1; record <= 51; record++)
            await first.GetAsync(record, "203.0.113.99");
        await second.UntilAsync(() => second.Blocks.Active().Count == 1, "the other node knows the block");

        var answers = new System.Collections.Concurrent.ConcurrentBag<HttpStatusCode>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = Enumerable.Range(0, 8).Select(worker => LoadAsync(worker % 2 == 0 ? first : second, worker, answers, stop.Token)).ToArray();
        var stalls = SharedPortal.StallsAsync(stop.Token);
        await Task.Delay(500, stop.Token);
        first.Durations.Clear();
        second.Durations.Clear();
        if (isKilled)
            await redis.KillAsync();
        else
            redis.Stop();
        await first.UntilAsync(() => first.Logs.GetSnapshot().Any(record => record.Id.Id == 14), "the first node says that Redis is away");
        await second.UntilAsync(() => second.Logs.GetSnapshot().Any(record => record.Id.Id == 14), "the second node says that Redis is away");
        await Task.Delay(1500, stop.Token);
        Assert.Equal(HealthStatus.Degraded, await first.HealthAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, await first.GetAsync(1, "203.0.113.99"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await second.GetAsync(1, "203.0.113.99"));

        // Each node counts and blocks by itself.
        for (var record = 1; record <= 51; record++)
            await first.GetAsync(record, "203.0.113.98");
        Assert.Equal(HttpStatusCode.TooManyRequests, await first.GetAsync(1, "203.0.113.98"));
        Assert.Equal(HttpStatusCode.OK, await second.GetAsync(1, "203.0.113.98"));

        if (isKilled)
            await redis.RestartAsync();
        else
            redis.Continue();
        await first.UntilAsync(() => first.Services.GetRequiredService<Sharing>().State!.IsAvailable, "the first node shares again", 15);
        await second.UntilAsync(() => second.Services.GetRequiredService<Sharing>().State!.IsAvailable, "the second node shares again", 15);
        await second.UntilAsync(() => second.Blocks.Active().Count == 2, "the block made while Redis was away is shared");
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.All(answers, status => Assert.True((int)status < 500, $"{status}"));
        var longest = first.Durations["scrapeguard.decision.duration"].Concat(second.Durations["scrapeguard.decision.duration"]).Max();
        var stall = await stalls;
        TestContext.Current.TestOutputHelper!.WriteLine($"{answers.Count} views, longest decision {longest * 1000:F1} ms, longest stall {stall * 1000:F1} ms");
        Assert.InRange(longest, 0, 0.070 + stall);
        Assert.Equal(1, first.Logs.GetSnapshot().Count(record => record.Id.Id == 14));
        Assert.Equal(1, first.Logs.GetSnapshot().Count(record => record.Id.Id == 15));
        Assert.Equal(HealthStatus.Healthy, await first.HealthAsync());

        // Counts are shared again: neither node alone has seen more than half.
        var shown = 0;
        for (var record = 1; record <= 60; record++)
            shown += await (record % 2 == 0 ? first : second).GetAsync(record, "203.0.113.97") == HttpStatusCode.OK ? 1 : 0;
        Assert.InRange(shown, 50, 53);
    }

    [Fact]
    public async Task A_redis_that_was_never_there_keeps_nobody_waiting_and_is_named_once()
    {
        await using var portal = await SharedPortal.StartImpatientAsync("127.0.0.1:1", whenConnected: false);
        Assert.Equal(HttpStatusCode.OK, await portal.GetAsync(1));
        await portal.UntilAsync(() => portal.Logs.GetSnapshot().Any(record => record.Id.Id == 14), "it says that Redis is away");
        for (var record = 2; record <= 51; record++)
            await portal.GetAsync(record);
        Assert.Equal(HttpStatusCode.TooManyRequests, await portal.GetAsync(52));
        Assert.InRange(portal.Durations["scrapeguard.decision.duration"].Max(), 0, 0.070);
        Assert.Equal(HealthStatus.Degraded, await portal.HealthAsync());
        Assert.Equal(1, portal.Logs.GetSnapshot().Count(record => record.Level == LogLevel.Warning && record.Id.Id == 14));
    }

    private static async Task LoadAsync(
        SharedPortal portal, int worker, System.Collections.Concurrent.ConcurrentBag<HttpStatusCode> answers, CancellationToken stop)
    {
        var random = new Random(worker);
        while (!stop.IsCancellationRequested)
        {
            answers.Add(await portal.GetAsync(random.Next(1, 20_000), $"198.51.{random.Next(256)}.{random.Next(256)}"));
            await Task.Delay(2, CancellationToken.None);
        }
    }
}
