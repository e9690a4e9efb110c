using BreachReplay.Actors;
using BreachReplay.Portals;
using BreachReplay.Report;

namespace BreachReplay;

/// <summary>The replay from start to table.</summary>
internal static class Replay
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(85);

    /// <summary>Whether everything was found as it should be.</summary>
    public static async Task<bool> RunAsync(ReplayOptions options, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Longest);
        try
        {
            return await PlayAsync(options, limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ReplayException($"The replay was given up after {Longest.TotalSeconds:0} s: this machine is too slow or too busy for it.");
        }
    }

    private static async Task<bool> PlayAsync(ReplayOptions options, CancellationToken stop)
    {
        await Console.Error.WriteLineAsync($"Starting {options.Nodes} portal(s){(options.Redis is null ? "" : $" with Redis at {options.Redis}")} ...");
        if (options.Redis is not null) await RedisReachability.EnsureAsync(options.Redis, stop);
        await using var nodes = await PortalNodes.StartAsync(options, stop);

        using var cast = Cast.Assemble(nodes);
        await Console.Error.WriteLineAsync($"Playing {cast.SceneLength.TotalSeconds:0} s of a busy morning: {cast.Professionals.Count} professionals, "
            + $"{cast.ScrapingAddresses.Count} scraping addresses, one scraping account inside the clinic.");
        await cast.PlayAsync(stop);

        var outcome = await Outcome.AskAsync(cast, nodes, stop);
        var failures = Judgement.Failures(outcome);
        if (options.Json) JsonReport.Write(Console.Out, outcome, failures);
        else TableReport.Write(Console.Out, outcome, failures);
        return failures.Count == 0;
    }
}
