using System.Collections.Concurrent;
using System.Diagnostics;
using ScrapeGuard.Benchmarks.Portals;

namespace ScrapeGuard.Benchmarks.Faults;

/// <summary>
/// Some seconds of traffic: views of many clients that are within every limit, one new scraper on each node, and one more that takes the nodes in turn.
/// </summary>
internal sealed class Phase(FaultsPlan plan, NodeGroup nodes, PortalClient[] clients, int number)
{
    private readonly ConcurrentBag<double> microseconds = [];
    private readonly int[] shown = new int[nodes.Size + 1];
    private int failed;
    private int refused;

    /// <summary>Views that threw or were answered with 5xx.</summary>
    public int Failed => failed;

    /// <summary>Views of clients within every limit that were refused.</summary>
    public int Refused => refused;

    public IEnumerable<double> Microseconds => microseconds;

    /// <summary>Records past the limit, of the scraper on one node that was shown most.</summary>
    public int PastOnOneNode => Math.Max(0, shown[..nodes.Size].Max() - plan.Limit);

    /// <summary>Records past the limit, of the scraper that takes the nodes in turn.</summary>
    public int PastOnAllNodes => Math.Max(0, shown[nodes.Size] - plan.Limit);

    public async Task RunAsync(TimeSpan time)
    {
        var scrapers = Enumerable.Range(0, shown.Length).Select(scraper => ScrapeAsync(scraper, time));
        await Task.WhenAll([new SteadyLoad(plan.Rate).RunAsync(time, WorkAsync), .. scrapers]);
    }

    private async Task WorkAsync(int view)
    {
        // The clients take turns, so that each sees a record every second or so and a new one or two in a phase.
        var client = clients[view % clients.Length];
        if (await TryAsync(nodes[view % nodes.Size], client, (view / clients.Length / 4) + (number * 2)) >= 400)
            Interlocked.Increment(ref refused);
    }

    private Task<SteadyResult> ScrapeAsync(int scraper, TimeSpan time)
    {
        var client = PortalClient.Stranger(0x10_0000 + (number * 100) + scraper);
        return new SteadyLoad(plan.Scraping).RunAsync(time, async view =>
        {
            var node = scraper < nodes.Size ? scraper : view % nodes.Size;
            if (await TryAsync(nodes[node], client, view) == 200)
                Interlocked.Increment(ref shown[scraper]);
        });
    }

    /// <summary>The status of the answer; 0 for none.</summary>
    private async Task<int> TryAsync(PortalNode node, PortalClient client, int record)
    {
        var started = Stopwatch.GetTimestamp();
        var status = 0;
        try
        {
            status = await node.ViewAsync(client, RecordPaths.Of(record));
        }
        catch (Exception)
        {
            // Counted below, whatever it was.
        }

        microseconds.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        if (status is 0 or >= 500)
            Interlocked.Increment(ref failed);
        return status;
    }
}
