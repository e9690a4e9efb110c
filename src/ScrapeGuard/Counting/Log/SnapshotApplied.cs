namespace ScrapeGuard.Counting.Log;

/// <summary>From where and how far the entries of each node are contained: of the 64 nodes that wrote last.</summary>
internal sealed class SnapshotApplied
{
    public const int Most = 64;

    private readonly List<(uint Incarnation, uint First, uint Last)> nodes = [];

    public void Add(uint incarnation, uint first, uint last)
    {
        var known = nodes.FindIndex(node => node.Incarnation == incarnation);
        if (known >= 0)
        {
            (first, last) = (Math.Min(first, nodes[known].First), Math.Max(last, nodes[known].Last));
            nodes.RemoveAt(known);
        }
        else if (nodes.Count == Most)
        {
            nodes.RemoveAt(0);
        }

        nodes.Add((incarnation, first, last));
    }

    /// <summary>Writes one at least, by which a snapshot is known for one.</summary>
    public void Write(LogWriter writer, uint maker)
    {
        if (nodes.Count == 0)
            writer.Applied(maker, 0, 0);
        foreach (var (incarnation, first, last) in nodes)
            writer.Applied(incarnation, first, last);
    }
}
