using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Counting;
using ScrapeGuard.Tests.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>What a view that waits asks Redis, and that what it does not ask lets nothing more through. Flushes in the background come too late to matter.</summary>
[Collection(nameof(SharedPortalTests))]
public class StrictViewTests
{
    [Fact]
    public async Task A_view_by_an_account_in_good_standing_asks_nothing_of_its_address_and_a_strangers_does()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var portal = await SharedPortal.StartAsync(redis.Configuration, Seldom);
        await portal.GetAsync(1, user: "ann");
        Assert.Equal((1, 0), (redis.Keys("*:account:*"), redis.Keys("*:address:*")));
        await portal.GetAsync(2);
        Assert.Equal(1, redis.Keys("*:address:*"));
    }

    [Fact]
    public async Task A_revisit_of_what_a_node_showed_asks_and_tells_nothing_there_and_any_other_view_waits()
    {
        const int Max = 10;
        await using var redis = await RedisServer.StartAsync();
        await using var reader = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        await using var portal = await SharedPortal.StartAsync(redis.Configuration, Limited);
        await using var other = await SharedPortal.StartAsync(redis.Configuration, Limited);
        await portal.GetAsync(1, user: "ann");
        var key = reader.GetServers()[0].Keys(pattern: "*:account:*").Single();
        var (length, commands) = (await LengthAsync(), portal.Counters["scrapeguard.redis.commands"]);
        for (var view = 0; view < 10; view++)
            Assert.Equal(HttpStatusCode.OK, await portal.GetAsync(1, user: "ann"));
        Assert.Equal(length, await LengthAsync());

        // A probe asks now and then.
        Assert.InRange(portal.Counters["scrapeguard.redis.commands"] - commands, 0, 5);
        await portal.GetAsync(2, user: "ann");
        Assert.True(await LengthAsync() > length);

        // The last of her records is shown after the other node has met her: it has to ask again.
        for (var record = 3; record < Max; record++)
            await portal.GetAsync(record, user: "ann");
        Assert.Equal(HttpStatusCode.OK, await other.GetAsync(1, user: "ann"));
        Assert.Equal(HttpStatusCode.OK, await portal.GetAsync(Max, user: "ann"));
        Assert.NotEqual(HttpStatusCode.OK, await other.GetAsync(Max + 1, user: "ann"));

        Task<long> LengthAsync() => reader.GetDatabase().StringLengthAsync(key);

        static void Limited(ScrapeGuardOptions options)
        {
            Seldom(options);
            options.Limits["account-10min"].Max = Max;
        }
    }

    /// <summary>Accounts past half of their limit, one in good standing that is charged with nothing, and nobody who is signed in, all behind one address.</summary>
    [Fact]
    public async Task Two_nodes_let_no_more_than_one_limit_through_to_the_strangers_at_an_address()
    {
        const int Max = 30;
        await using var redis = await RedisServer.StartAsync();
        await using var first = await SharedPortal.StartAsync(redis.Configuration, Limited);
        await using var second = await SharedPortal.StartAsync(redis.Configuration, Limited);
        SharedPortal[] nodes = [first, second];
        string?[] users = ["ann", "bob", "cid", "dee", null];
        var refused = 0;
        for (var view = 0; view < 200; view++)
        {
            var user = users[view % 5];
            if (user == "dee" && view > 40)
                user = null;
            refused += await nodes[view / 5 % 2].GetAsync(view, user: user) != HttpStatusCode.OK ? 1 : 0;
        }

        Assert.True(refused > 0);

        // Who refused the last view takes back what it had told of it.
        await ChargedAsync(first);
        await ChargedAsync(second);
        Assert.Equal((Max, Max), (await ChargedAsync(first), await ChargedAsync(second)));

        static void Limited(ScrapeGuardOptions options)
        {
            Seldom(options);
            options.Limits["account-10min"].Max = 20;
            options.Limits["address-10min"].Max = Max;
        }
    }

    [Fact]
    public async Task On_a_cluster_a_signed_in_view_waits_for_one_server()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var portal = await SharedPortal.StartAsync(cluster.Configuration, Seldom);
        string[] users = [.. Enumerable.Range(1, 20).Select(number => $"user{number}")];
        var sessions = new Dictionary<string, string>();
        foreach (var user in users)
        {
            using var first = await portal.SendAsync("/members/1", user: user);
            sessions[user] = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        }

        var before = portal.Counters["scrapeguard.redis.commands"];
        foreach (var user in users)
        {
            using var again = await portal.SendAsync("/members/1", user: user, headers: ("Cookie", sessions[user]));
            Assert.Equal((HttpStatusCode.OK, false), (again.StatusCode, again.Headers.Contains("Set-Cookie")));
        }

        // A probe asks each master besides, and one session in four thousand lies elsewhere.
        Assert.InRange(portal.Counters["scrapeguard.redis.commands"] - before, users.Length, users.Length + 8);
    }

    /// <summary>What the only address is charged with in ten minutes, as a node knows it.</summary>
    private static async Task<int> ChargedAsync(SharedPortal portal)
    {
        var table = portal.Services.GetRequiredService<SubjectTable>();
        var address = Assert.Single(table.Subjects(SubjectType.Address));
        Assert.True(await portal.Services.GetRequiredService<Sharing>().Subjects!.ExchangeAsync([address], TimeSpan.FromSeconds(5)));
        var windows = portal.Services.GetRequiredService<SettingsSource>().Current.Limits.WindowsOf(SubjectType.Address);
        var reading = table.Read(address, windows, portal.Services.GetRequiredService<GuardClock>().Now)!;
        return reading.Counts[windows.IndexOf(new Window(WindowCount.Records, 600_000))].Value;
    }

    private static void Seldom(ScrapeGuardOptions options) => options.Redis.FlushInterval = TimeSpan.FromSeconds(10);
}
