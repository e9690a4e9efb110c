using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using ScrapeGuard.Tests.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>Signals of several nodes on one Redis.</summary>
[Collection(nameof(SharedPortalTests))]
public class SharedSignalsTests
{
    [Theory]
    [InlineData(RedisConsistency.Strict, 1, 11, 12)]
    [InlineData(RedisConsistency.Strict, 97, 21, 23)]
    [InlineData(RedisConsistency.Batched, 1, 10, 16)]
    [InlineData(RedisConsistency.Batched, 97, 21, 28)]
    public async Task Two_nodes_judge_the_pace_of_an_account_together(RedisConsistency consistency, int step, int least, int most)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration, options => WithSignals(options, consistency));
        await using var second = await SharedPortal.StartAsync(redis.Configuration, options => WithSignals(options, consistency));
        var shown = 0;
        for (var view = 0; view < 60; view++)
        {
            using var response = await (view % 2 == 0 ? first : second).SendAsync($"/members/{1000 + (view * step)}", user: "pharmacist");
            if (response.StatusCode != HttpStatusCode.OK)
            {
                Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
                break;
            }

            shown++;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.InRange(shown, least, most);
    }

    [Theory]
    [InlineData(RedisConsistency.Strict)]
    [InlineData(RedisConsistency.Batched)]
    public async Task What_another_site_leads_to_on_several_nodes_leaves_the_rest_to_the_person(RedisConsistency consistency)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration, options => WithSignals(options, consistency));
        await using var second = await SharedPortal.StartAsync(redis.Configuration, options => WithSignals(options, consistency));
        var shown = 0;
        for (var view = 0; view < 40; view++)
        {
            using var response = await (view % 2 == 0 ? first : second).SendAsync(
                $"/members/{1000 + view}", user: "pharmacist", headers: [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")]);
            shown += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.InRange(shown, 4, 9);
        Assert.Empty(first.Blocks.Active());
        Assert.Equal(HttpStatusCode.OK, await first.GetAsync(5000, user: "pharmacist"));
        Assert.Equal(HttpStatusCode.OK, await second.GetAsync(6000, user: "pharmacist"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sequence_that_is_dealt_out_to_the_nodes_as_well_is_found_by_each_of_them_whoever_says_again_what_they_tell(bool isSaidAgain)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var other = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        var nodes = new List<SharedPortal>();
        try
        {
            for (var node = 0; node < 4; node++)
                nodes.Add(await SharedPortal.StartAsync(redis.Configuration, options => WithSignals(options, RedisConsistency.Batched)));
            foreach (var node in nodes)
                RememberHigherNumbers(node);
            if (isSaidAgain)
                await SayAgainAsync(other.GetSubscriber());
            for (var number = 0; number < 240; number++)
            {
                // In such an order no node sees twenty numbers of two ranges side by side.
                using var response = await nodes[number % 7 % 4].SendAsync($"/members/{3200 + number}", $"10.1.{number % 2}.{number}", $"account {number}");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            foreach (var node in nodes)
                await node.UntilAsync(() => node.Services.GetRequiredService<SweepWatch>().Swept > 0, "the sweep is found", seconds: 2);
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_node_that_starts_beside_others_knows_since_when_views_are_counted()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration);
        var since = first.Services.GetRequiredService<GuardClock>().Now;
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        await using var second = await SharedPortal.StartAsync(redis.Configuration);
        await second.UntilAsync(() => second.Services.GetRequiredService<SubjectTable>().Shards[0].WatchedSince <= since, "it is told", seconds: 7);
    }

    /// <summary>What nodes tell each other of tries is said twice more.</summary>
    private static async Task SayAgainAsync(ISubscriber subscriber)
    {
        var said = new HashSet<string>();
        var heard = await subscriber.SubscribeAsync(RedisChannel.Pattern("*:tries:*"));
        heard.OnMessage(async message =>
        {
            if (!said.Add(Convert.ToHexString((byte[])message.Message!)))
                return;
            await subscriber.PublishAsync(RedisChannel.Literal((string)message.Channel!), message.Message);
            await subscriber.PublishAsync(RedisChannel.Literal((string)message.Channel!), message.Message);
        });
    }

    /// <summary>These nodes have just started: what they have not been shown for half an hour are records that are being made.</summary>
    private static void RememberHigherNumbers(SharedPortal node)
    {
        var (watch, now) = (node.Services.GetRequiredService<SweepWatch>(), node.Services.GetRequiredService<GuardClock>().Now);
        foreach (var at in new[] { now - 3_600_000, now })
            watch.Note(new TriedNumber(1, 2, 3, 4, Number: 1_000_000, Kind: LimitSet.KindHash("member")), 5, isDisplayed: true, at);
    }

    private static void WithSignals(ScrapeGuardOptions options, RedisConsistency consistency)
    {
        foreach (var signal in new[] { options.Signals.Pace, options.Signals.AddressPace, options.Signals.Rotation, options.Signals.Sweep })
            signal.Verdict = SignalVerdict.Block;
        options.StepUp.Path = "/confirm";
        options.Redis.Consistency = consistency;
    }
}
