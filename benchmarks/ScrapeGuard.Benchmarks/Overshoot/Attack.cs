using ScrapeGuard.Benchmarks.Portals;

namespace ScrapeGuard.Benchmarks.Overshoot;

/// <summary>One address that asks for one record after the other at a steady rate, and takes the nodes in turn or at random.</summary>
internal sealed class Attack(NodeGroup nodes, int number, double rate)
{
    private readonly PortalClient scraper = PortalClient.Stranger(number);
    private readonly Random random = new(number);
    private readonly int first = new Random(number).Next();
    private int shown;

    /// <summary>Asks for as long as the limit takes, and then until every node should have heard of it; how many records were shown.</summary>
    public async Task<int> RunAsync(int limit)
    {
        var afterwards = Math.Max(1, 2 * nodes.Size / rate);
        await Task.Delay(random.Next(100));
        await new SteadyLoad(rate).RunAsync(TimeSpan.FromSeconds((limit / rate) + afterwards), AskAsync);
        return shown;
    }

    private async Task AskAsync(int view)
    {
        var node = number % 2 == 0 ? (first + view) % nodes.Size : random.Next(nodes.Size);
        if (await nodes[node].ViewAsync(scraper, RecordPaths.Of(view)) == 200)
            Interlocked.Increment(ref shown);
    }
}
