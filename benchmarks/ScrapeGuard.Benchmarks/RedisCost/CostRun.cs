using ScrapeGuard.Benchmarks.Portals;
using ScrapeGuard.Benchmarks.Redis;
using StackExchange.Redis;

namespace ScrapeGuard.Benchmarks.RedisCost;

/// <summary>One portal node under a steady load.</summary>
internal static class CostRun
{
    /// <param name="plan">The load.</param>
    /// <param name="rate">Views a second.</param>
    /// <param name="guard">The portal's settings; null without ScrapeGuard.</param>
    /// <param name="redis">Whose work is measured; null where there is none.</param>
    public static async Task<Cost> MeasureAsync(CostPlan plan, double rate, GuardSettings? guard, IConnectionMultiplexer? redis)
    {
        await using var node = await PortalNode.StartAsync(new PortalPlan { Guard = guard });
        var views = new Views(node, plan.Clients, plan.Novel);
        await views.GreetAsync();
        var load = new SteadyLoad(rate);
        await load.RunAsync(plan.WarmUp, _ => views.NextAsync());

        using var failures = new RedisFailures();
        var before = redis is null ? default : await RedisUsage.ReadAsync(redis);
        var spent = Environment.CpuUsage.TotalTime;
        var result = await load.RunAsync(plan.Time, _ => views.NextAsync());
        spent = Environment.CpuUsage.TotalTime - spent;
        var after = redis is null ? default : await RedisUsage.ReadAsync(redis);
        return new Cost(result, spent, after - before, views.Refused, failures.Count);
    }
}
