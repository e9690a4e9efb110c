using System.Net;
using ScrapeGuard.Tests.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>A client that spreads its views over three nodes gets little more than a limit says, however long its pages take.</summary>
[Collection(nameof(SharedPortalTests))]
public class SlowPagesTests
{
    private const int Limit = 50;

    [Theory]
    [InlineData("members", 1, 20, 4)]
    [InlineData("slow", 1, 20, 4)]
    [InlineData("slow", 1, 100, 2)]
    [InlineData("slow", 5, 100, 5)]
    [InlineData("members", 20, 300, 10)]
    [InlineData("slow", 20, 300, 10)]
    [InlineData("slow", 25, 300, 25)]
    public async Task Three_nodes_show_hardly_more_than_one_would(string page, int records, int everyMilliseconds, int most)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await StartAsync(redis);
        await using var second = await StartAsync(redis);
        await using var third = await StartAsync(redis);
        SharedPortal[] nodes = [first, second, third];
        using var stop = new CancellationTokenSource();
        var stalls = SharedPortal.StallsAsync(stop.Token);
        var views = new List<Task<int>>();
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(everyMilliseconds)))
        {
            while (views.Count * records < 2 * Limit && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
                views.Add(ShowAsync(nodes[views.Count % nodes.Length], page, (views.Count * records) + 1, records));
        }

        var shown = (await Task.WhenAll(views)).Sum();
        await stop.CancelAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{page}, {records} each {everyMilliseconds} ms: {shown} of {Limit}, longest stall {await stalls * 1000:F0} ms");

        // Where the machine stands still, views come that the other nodes could not hear of.
        Assert.InRange(shown, Limit - records + 1, Limit + most + (records * (int)(await stalls * 1000 / everyMilliseconds)));
    }

    private static Task<SharedPortal> StartAsync(RedisServer redis) =>
        SharedPortal.StartAsync(redis.Configuration, options => options.Redis.Consistency = RedisConsistency.Batched);

    private static async Task<int> ShowAsync(SharedPortal node, string page, int first, int records)
    {
        using var response = await node.SendAsync(records == 1 ? $"/{page}/{first}" : $"/{page}/{first}/{records}");
        return response.StatusCode == HttpStatusCode.OK ? records : 0;
    }
}
