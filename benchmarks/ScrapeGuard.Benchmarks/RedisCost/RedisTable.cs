using Microsoft.Extensions.Options;
using ScrapeGuard.Benchmarks.Portals;
using ScrapeGuard.Benchmarks.Redis;
using ScrapeGuard.Benchmarks.Report;
using StackExchange.Redis;

namespace ScrapeGuard.Benchmarks.RedisCost;

/// <summary>What sharing counts costs: Redis, the network, this process and the visitor.</summary>
internal sealed class RedisTable(CostPlan plan)
{
    public static readonly Command Command = new(
        "redis",
        "what a view costs Redis, the network and the portal in each mode of sharing, and how long a shared decision takes",
        "--rates 1000,10000 --clients 1000 --novel 0.4 --seconds 10 --warm-up 3 --pairs 5000",
        "--seconds 3 --warm-up 2 --pairs 1000",
        AnswerAsync);

    private readonly MarkdownTable costs = new(
        "mode", "wanted views/s", "sent views/s", "commands/view", "scripts/view", "Redis CPU µs/view", "µs/script", "bytes/view", "portal CPU µs/view",
        "added µs", "not answered by Redis", "refused");

    private readonly MarkdownTable times = new(
        "one view, then one GET, in turn", "view p50 µs", "GET p50 µs", "ratio", "novel record p50 µs", "ratio", "view p99 µs", "GET p99 µs", "ratio", "bytes/view");
    private readonly Skipped skipped = new();
    private readonly Dictionary<double, double> bareMicroseconds = [];
    private int measurements;

    private static async Task AnswerAsync(Arguments arguments)
    {
        var plan = CostPlan.From(arguments);
        Console.WriteLine(
            $"{string.Join(" and ", plan.Rates)} views/s for {plan.Time.TotalSeconds} s by {plan.Clients} clients, each an address, a session and an account; "
            + $"{plan.Novel} of the views novel; one node, no HTTP.\n");
        await new RedisTable(plan).AnswerAsync();
    }

    private async Task AnswerAsync()
    {
        await AddAsync("without ScrapeGuard", null, null);
        await AddAsync(SharingMode.InProcess.Name, GuardSettings.Raised(), null);
        await using (var server = await RedisServer.StartAsync())
            await AddAsync(server);
        await using (var cluster = await RedisCluster.StartAsync())
            await AddAsync(cluster);
        costs.Print();
        times.Print();
        skipped.Print();
    }

    private async Task AddAsync(IStartedRedis redis)
    {
        await using var connection = await RedisUsage.ConnectAsync(redis);
        if (redis is RedisServer)
            AddTimes(SharingMode.InProcess.Name, await RoundTrips.MeasureAsync(plan, GuardSettings.Raised(), connection));
        foreach (var mode in SharingMode.Shared)
        {
            var name = $"{mode.Name}, {redis.Name}";
            try
            {
                await AddAsync(name, GuardSettings.Raised().Sharing(mode, redis, $"cost-{mode.Consistency}"), connection);
                var settings = GuardSettings.Raised().Sharing(mode, redis, $"time-{mode.Consistency}");
                AddTimes(name, await RoundTrips.MeasureAsync(plan, settings, connection));
            }
            catch (OptionsValidationException error)
            {
                skipped.Add(name, error.Message);
            }
        }
    }

    private async Task AddAsync(string name, GuardSettings? guard, IConnectionMultiplexer? redis)
    {
        foreach (var rate in plan.Rates)
        {
            Progress.Say($"redis: {name}, {rate} views/s");

            // Under another prefix no record was seen before.
            var cost = await CostRun.MeasureAsync(plan, rate, guard?.With("Redis:KeyPrefix", $"cost-{++measurements}"), redis);
            if (guard is null)
                bareMicroseconds[rate] = cost.ClientMicroseconds;
            Add(name, rate, cost);
        }
    }

    private void Add(string name, double rate, Cost cost)
    {
        var done = cost.Redis;
        costs.Add(
            name,
            Figure.Of(rate),
            Figure.Of(cost.Load.PerSecond),
            Figure.Of(done.Commands / cost.Views),
            Figure.Of(done.Scripts / cost.Views),
            Figure.Of(done.ProcessorMicroseconds / cost.Views),
            Figure.Of(done.ScriptMicroseconds / done.Scripts),
            Figure.Of(done.Bytes / cost.Views),
            Figure.Of(cost.ClientMicroseconds),
            Figure.Of(cost.ClientMicroseconds - bareMicroseconds[rate]),
            Figure.Of(cost.Unshared),
            Figure.Of(cost.Refused));
    }

    private void AddTimes(string name, RoundTrips trips)
    {
        var (view50, get50) = (trips.View.Median(), trips.Get.Median());
        var novel50 = trips.Novel.Median();
        var (view99, get99) = (trips.View.Percentile(99), trips.Get.Percentile(99));
        times.Add(
            name, Figure.Of(view50), Figure.Of(get50), Figure.Ratio(view50 / get50), Figure.Of(novel50), Figure.Ratio(novel50 / get50), Figure.Of(view99),
            Figure.Of(get99), Figure.Ratio(view99 / get99), Figure.Of(trips.BytesPerView));
    }
}
