using ScrapeGuard.Benchmarks.Redis;
using ScrapeGuard.Benchmarks.Report;
using StackExchange.Redis;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>All variants of one application, each a process of its own, measured in turn: what the machine does meanwhile meets all of them.</summary>
internal sealed class LoadRounds(TargetApp target, LoadPlan plan, DirectoryInfo folder, IConnectionMultiplexer redis) : IDisposable
{
    private readonly List<(Variant Variant, ChildApp App, Wrk Wrk)> running = [];
    private int runs;

    public Skipped Skipped { get; } = new();

    /// <summary>The measurements of each variant that runs, round by round.</summary>
    public async Task<IReadOnlyList<(Variant Variant, IReadOnlyList<WrkResult> Rounds)>> MeasureAsync(IEnumerable<Variant> variants)
    {
        foreach (var variant in variants)
            await StartAsync(variant);
        await TakeClientsAsync();
        foreach (var index in Enumerable.Range(0, running.Count))
            await RunAsync(index, plan.WarmUp);

        var results = running.Select(_ => new List<WrkResult>()).ToArray();
        for (var round = 0; round < plan.Rounds; round++)
        {
            Progress.Say($"{target.Name}: round {round + 1} of {plan.Rounds}");
            for (var step = 0; step < running.Count; step++)
            {
                // Each round begins with another variant, so that none always comes after the same.
                var index = (round + step) % running.Count;
                results[index].Add(await RunAsync(index, plan.Time));
            }
        }

        return [.. running.Select((entry, index) => (entry.Variant, (IReadOnlyList<WrkResult>)results[index]))];
    }

    public void Dispose()
    {
        foreach (var (_, app, _) in running)
            app.Dispose();
    }

    private async Task StartAsync(Variant variant)
    {
        try
        {
            var child = await StartAppAsync(variant);
            var clients = Path.Combine(folder.FullName, variant.IsFlood ? "flood" : "clients");
            running.Add((variant, child, new Wrk(clients, target.Records, plan.Connections, plan.Threads)));
        }
        catch (InvalidOperationException error)
        {
            Skipped.Add(variant.Name, error.Message);
        }
    }

    private Task<ChildApp> StartAppAsync(Variant variant)
    {
        var database = KeyValuePair.Create("Portal__Database", (string?)Path.Combine(folder.FullName, "members.db"));
        string[] app = variant.Settings is null ? [target.Name, ServedApp.Bare] : [target.Name];
        return ChildApp.StartAsync(app, [database, .. variant.Settings?.Environment ?? []]);
    }

    /// <summary>
    /// All processes have the same keys, so the cookies of one are good for all. It is one that is not measured: whichever logged the clients in would be
    /// compiled for other pages than the rest, and run slower.
    /// </summary>
    private async Task TakeClientsAsync()
    {
        var variant = running.First(entry => entry.Variant is { Settings: not null, IsFlood: false }).Variant;
        using var app = await StartAppAsync(variant);
        var visitors = await target.VisitAsync(app.Address, target.ClientsOf(plan));
        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "clients"), visitors.Select(visitor => visitor.Line));
        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "flood"), [visitors[0].Line]);
    }

    private async Task<WrkResult> RunAsync(int index, TimeSpan time)
    {
        // Where records are few, the runs share them, so that a later run finds novel ones too.
        var each = target.Records == 0 ? 100_000 : target.Records / ((plan.Rounds + 1) * running.Count);
        var before = await RedisUsage.ReadAsync(redis);
        var result = await running[index].Wrk.RunAsync(running[index].App, time, runs++ * each);
        return result with { Scripts = (await RedisUsage.ReadAsync(redis) - before).Scripts / result.Requests };
    }
}
