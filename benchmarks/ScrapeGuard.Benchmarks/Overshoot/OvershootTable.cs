using System.Globalization;
using Microsoft.Extensions.Options;
using ScrapeGuard.Benchmarks.Portals;
using ScrapeGuard.Benchmarks.Redis;
using ScrapeGuard.Benchmarks.Report;

namespace ScrapeGuard.Benchmarks.Overshoot;

/// <summary>How many records get past a limit while nodes have not yet heard of each other's counts.</summary>
internal sealed class OvershootTable(OvershootPlan plan, RedisServer redis)
{
    public static readonly Command Command = new(
        "overshoot",
        "how many records one address is shown past a limit, spread over several nodes",
        "--runs 20 --limit 40 --rates 5,50,500 --nodes 2,8",
        "--runs 4 --rates 50,500",
        AnswerAsync);

    private readonly MarkdownTable table = new("mode", "nodes", "attack/s", "runs", "shown past the limit: median", "p99", "worst", "least");
    private readonly Skipped skipped = new();
    private int attackers;

    private static async Task AnswerAsync(Arguments arguments)
    {
        var plan = OvershootPlan.From(arguments);
        Console.WriteLine(
            $"At most {plan.Limit} records per address in ten minutes, Enforce; half of the attacks take the nodes in turn, half at random. "
            + "Less than none: refused too early.\n");
        await using var redis = await RedisServer.StartAsync();
        await new OvershootTable(plan, redis).AnswerAsync();
    }

    private async Task AnswerAsync()
    {
        foreach (var mode in SharingMode.Shared)
        {
            foreach (var size in plan.Nodes)
                await AnswerAsync(mode, size);
        }

        table.Print();
        skipped.Print();
    }

    private async Task AnswerAsync(SharingMode mode, int size)
    {
        try
        {
            var settings = GuardSettings.RecordsPerAddress(plan.Limit).Sharing(mode, redis, $"over-{mode.Consistency}-{size}");
            await using var nodes = await NodeGroup.StartAsync(size, _ => settings);
            foreach (var rate in plan.Rates)
            {
                Progress.Say($"overshoot: {mode.Name}, {size} nodes, {rate} views/s");
                Add(mode, size, rate, await AttackAsync(nodes, rate));
            }
        }
        catch (OptionsValidationException error)
        {
            skipped.Add(mode.Name, error.Message);
        }
    }

    private async Task<double[]> AttackAsync(NodeGroup nodes, double rate)
    {
        var past = new List<double>();
        while (past.Count < plan.Runs)
        {
            var attacks = Enumerable.Range(0, Math.Min(plan.AtOnce(rate), plan.Runs - past.Count))
                .Select(_ => new Attack(nodes, ++attackers, rate))
                .Select(attack => Task.Run(() => attack.RunAsync(plan.Limit)));
            past.AddRange((await Task.WhenAll(attacks)).Select(shown => (double)(shown - plan.Limit)));
        }

        return [.. past];
    }

    private void Add(SharingMode mode, int size, double rate, double[] past) => table.Add(
        mode.Name,
        size.ToString(CultureInfo.InvariantCulture),
        Figure.Of(rate),
        Figure.Of(past.Length),
        Figure.Of(past.Median()),
        Figure.Of(past.Percentile(99)),
        Figure.Of(past.Max()),
        Figure.Of(past.Min()));
}
