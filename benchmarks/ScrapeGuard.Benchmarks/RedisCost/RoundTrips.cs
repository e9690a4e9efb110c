using System.Diagnostics;
using ScrapeGuard.Benchmarks.Portals;
using StackExchange.Redis;

namespace ScrapeGuard.Benchmarks.RedisCost;

/// <summary>One view at a time, and in turn with it one awaited GET on one connection: the least that a shared decision can take.</summary>
/// <param name="View">Microseconds of each view.</param>
/// <param name="Get">Microseconds of each GET.</param>
internal sealed record RoundTrips(double[] View, double[] Get)
{
    /// <summary>Microseconds of each view of a record that its client had not seen before.</summary>
    public List<double> Novel { get; } = [];

    /// <summary>What this process allocates for a view, the benchmark's own part and that of flushes in the background included.</summary>
    public double BytesPerView { get; private set; }

    public static async Task<RoundTrips> MeasureAsync(CostPlan plan, GuardSettings guard, IConnectionMultiplexer redis)
    {
        await using var node = await PortalNode.StartAsync(new PortalPlan { Guard = guard });
        var views = new Views(node, plan.Clients, plan.Novel);
        await views.GreetAsync();
        var keys = Array.ConvertAll([.. Enumerable.Range(0, 100)], number => (RedisKey)$"round-trip-{number}");
        foreach (var key in keys)
            await redis.GetDatabase().StringSetAsync(key, new byte[64]);

        var result = new RoundTrips(new double[plan.Pairs], new double[plan.Pairs]);
        for (var pair = -plan.Pairs / 5; pair < plan.Pairs; pair++)
        {
            var (view, isNovel) = await TimeAsync(views.NextAsync);
            var (get, _) = await TimeAsync(() => redis.GetDatabase().StringGetAsync(keys[Math.Abs(pair) % keys.Length]));
            if (pair < 0)
                continue;
            (result.View[pair], result.Get[pair]) = (view, get);
            if (isNovel)
                result.Novel.Add(view);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var view = 0; view < plan.Pairs; view++)
            await views.NextAsync();
        result.BytesPerView = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)plan.Pairs;
        return result;
    }

    private static async Task<(double Microseconds, T Result)> TimeAsync<T>(Func<Task<T>> actAsync)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await actAsync();
        return (Stopwatch.GetElapsedTime(started).TotalMicroseconds, result);
    }
}
