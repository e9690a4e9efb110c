namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>Nodes of one portal in this process, each with a ScrapeGuard and a connection of its own.</summary>
internal sealed class NodeGroup : IAsyncDisposable
{
    private readonly List<PortalNode> nodes = [];

    private NodeGroup()
    {
    }

    public int Size => nodes.Count;

    public PortalNode this[int index] => nodes[index];

    /// <param name="size">How many.</param>
    /// <param name="settings">Of each; called with its number.</param>
    public static async Task<NodeGroup> StartAsync(int size, Func<int, GuardSettings> settings)
    {
        var group = new NodeGroup();
        try
        {
            for (var index = 0; index < size; index++)
                group.nodes.Add(await PortalNode.StartAsync(new PortalPlan { Guard = settings(index) }));
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }

        // A node connects in the background, and the first calls are compiled.
        for (var view = 0; view < 200; view++)
        {
            await group.nodes[view % size].ViewAsync(PortalClient.Stranger(0xff_0000 + view), RecordPaths.Of(view));
            await Task.Delay(5);
        }

        return group;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
    }
}
