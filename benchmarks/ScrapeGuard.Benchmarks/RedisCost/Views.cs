using ScrapeGuard.Benchmarks.Portals;

namespace ScrapeGuard.Benchmarks.RedisCost;

/// <summary>Views of all clients in random order; a share of them is of records that the client has not seen before, the rest of the one it saw last.</summary>
internal sealed class Views(PortalNode node, int clients, double novel)
{
    private readonly PortalClient[] clients = [.. Enumerable.Range(1, clients).Select(PortalClient.Professional)];
    private readonly int[] views = new int[clients];
    private readonly Random random = new(1);
    private int refused;

    /// <summary>Answers other than 200.</summary>
    public int Refused => refused;

    /// <summary>Gives each client its session.</summary>
    public async Task GreetAsync()
    {
        foreach (var client in clients)
            await node.ViewAsync(client, RecordPaths.Of(0));
    }

    /// <summary>One view; true if it is of a record that the client has not seen before. Called by one thread at a time.</summary>
    public async Task<bool> NextAsync()
    {
        var index = random.Next(clients.Length);
        var number = views[index]++;
        var record = (long)(number * novel);
        if (await node.ViewAsync(clients[index], RecordPaths.Of((index * 97) + 1 + record)) != 200)
            Interlocked.Increment(ref refused);
        return number == 0 || (long)((number - 1) * novel) != record;
    }
}
