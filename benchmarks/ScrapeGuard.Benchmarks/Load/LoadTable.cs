using ScrapeGuard.Benchmarks.Redis;
using ScrapeGuard.Benchmarks.Report;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>What of a portal's throughput ScrapeGuard takes.</summary>
internal static class LoadTable
{
    public static readonly Command Command = new(
        "load",
        "what of a server's throughput and p99 ScrapeGuard takes, under wrk",
        "--rounds 10 --seconds 2 --warm-up 4 --connections 32 --wrk-threads 1 --clients 20000|5000 --app tiny|portal --rows allowed",
        "--rounds 2 --seconds 1 --warm-up 2",
        AnswerAsync);

    private static async Task AnswerAsync(Arguments arguments)
    {
        var plan = LoadPlan.From(arguments);
        Console.WriteLine(
            $"wrk: {plan.Connections} connections, {plan.Threads} threads; {plan.Rounds} rounds of {plan.Time.TotalSeconds} s in alternation; medians; "
            + "ratios to bare in the same round.\n");
        foreach (var target in TargetApp.All.Where(target => plan.Only is null || target.Name == plan.Only))
            await AnswerAsync(target, plan);
    }

    private static async Task AnswerAsync(TargetApp target, LoadPlan plan)
    {
        var folder = Directory.CreateTempSubdirectory("benchmark-load-");
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await RedisUsage.ConnectAsync(redis);
        using var rounds = new LoadRounds(target, plan, folder, connection);
        Print($"{target.Page}, {Figure.Of(target.ClientsOf(plan))} clients", await rounds.MeasureAsync(Variants.All(redis).Where(plan.Asks)));
        rounds.Skipped.Print();
        rounds.Dispose();
        folder.Delete(recursive: true);
    }

    private static void Print(string title, IReadOnlyList<(Variant Variant, IReadOnlyList<WrkResult> Rounds)> results)
    {
        var bare = results[0].Rounds;
        var table = new MarkdownTable(
            title, "requests/s", "to bare", "least and most", "p99 ms", "p99 to bare", "CPU µs/request", "added µs",
            "Redis scripts/request", "unexpected answers");
        foreach (var (variant, rounds) in results)
        {
            var ratios = rounds.Select((round, index) => round.PerSecond / bare[index].PerSecond).ToArray();
            table.Add(
                variant.Name,
                Figure.Of(rounds.Select(round => round.PerSecond).Median()),
                Figure.Ratio(ratios.Median()),
                $"{Figure.Ratio(ratios.Min())} to {Figure.Ratio(ratios.Max())}",
                Figure.Of(rounds.Select(round => round.P99).Median()),
                Figure.Ratio(rounds.Select((round, index) => round.P99 / bare[index].P99).Median()),
                Figure.Of(rounds.Select(round => round.ProcessorMicroseconds).Median()),
                Figure.Of(rounds.Select((round, index) => round.ProcessorMicroseconds - bare[index].ProcessorMicroseconds).Median()),
                Figure.Of(rounds.Select(round => round.Scripts).Median()),
                Figure.Of(rounds.Sum(variant.Unexpected)));
        }

        table.Print();
    }
}
