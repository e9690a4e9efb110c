using Microsoft.Extensions.Options;
using ScrapeGuard.Benchmarks.Portals;
using ScrapeGuard.Benchmarks.Redis;
using ScrapeGuard.Benchmarks.Report;

namespace ScrapeGuard.Benchmarks.Faults;

/// <summary>What visitors and scrapers notice when Redis or the wire to it fails.</summary>
internal sealed class FaultsTable(FaultsPlan plan)
{
    public static readonly Command Command = new(
        "faults",
        "what fails, how long a decision takes and what gets past a limit while Redis is killed, frozen, slow or cut off",
        "--rate 400 --clients 500 --scraping 40 --limit 40 --seconds 6 --recovery 6",
        "--seconds 4 --recovery 3",
        AnswerAsync);

    private const int Nodes = 2;

    private readonly MarkdownTable table = new(
        "mode, what happens", "failed", "refused wrongly", "p50 µs", "to healthy", "p99 µs", "to healthy", "worst ms",
        "past the limit, one node", "past the limit, nodes in turn");

    private readonly Skipped skipped = new();

    private static async Task AnswerAsync(Arguments arguments)
    {
        var plan = FaultsPlan.From(arguments);
        Console.WriteLine(
            $"{Nodes} nodes, {plan.Rate} views/s of {plan.Clients} clients within every limit; scrapers at {plan.Scraping} records/s, limit "
            + $"{plan.Limit} per address; {plan.Time.TotalSeconds} s of each fault, then {plan.Recovery.TotalSeconds} s with the same traffic.\n");
        await new FaultsTable(plan).AnswerAsync();
    }

    private async Task AnswerAsync()
    {
        foreach (var mode in SharingMode.Shared)
        {
            try
            {
                await AnswerAsync(mode);
            }
            catch (OptionsValidationException error)
            {
                skipped.Add(mode.Name, error.Message);
            }
        }

        table.Print();
        skipped.Print();
    }

    private async Task AnswerAsync(SharingMode mode)
    {
        await using var redis = await RedisServer.StartAsync();
        FaultyWire[] wires = [.. Enumerable.Range(0, Nodes).Select(_ => new FaultyWire(redis.Port))];
        await using var nodes = await NodeGroup.StartAsync(Nodes, node => Settings(mode, wires[node]));
        PortalClient[] clients = [.. Enumerable.Range(1, plan.Clients).Select(PortalClient.Professional)];
        var number = 0;
        Phase? healthy = null;
        await new Phase(plan, nodes, clients, ++number).RunAsync(plan.Recovery);
        foreach (var fault in Fault.All)
        {
            Progress.Say($"faults: {mode.Name}, {fault.Name}");
            fault.Begin(redis, wires);
            var during = await RunAsync(nodes, clients, ++number, plan.Time);
            healthy ??= during;
            Add($"{mode.Name}, {fault.Name}", during, healthy);
            await fault.EndAsync(redis, wires);
            var after = await RunAsync(nodes, clients, ++number, plan.Recovery);
            if (fault != Fault.All[0])
                Add($"{mode.Name}, restored", after, healthy);
        }

        Array.ForEach(wires, wire => wire.Dispose());
    }

    private GuardSettings Settings(SharingMode mode, FaultyWire wire) =>
        GuardSettings.RecordsPerAddress(plan.Limit).Sharing(mode, $"127.0.0.1:{wire.Port}", "faults");

    private async Task<Phase> RunAsync(NodeGroup nodes, PortalClient[] clients, int number, TimeSpan time)
    {
        var phase = new Phase(plan, nodes, clients, number);
        await phase.RunAsync(time);
        return phase;
    }

    private void Add(string name, Phase phase, Phase healthy)
    {
        var (p50, p99) = (phase.Microseconds.Median(), phase.Microseconds.Percentile(99));
        table.Add(
            name,
            Figure.Of(phase.Failed),
            Figure.Of(phase.Refused),
            Figure.Of(p50),
            Figure.Ratio(p50 / healthy.Microseconds.Median()),
            Figure.Of(p99),
            Figure.Ratio(p99 / healthy.Microseconds.Percentile(99)),
            Figure.Of(phase.Microseconds.Max() / 1e3),
            Figure.Of(phase.PastOnOneNode),
            Figure.Of(phase.PastOnAllNodes));
    }
}
