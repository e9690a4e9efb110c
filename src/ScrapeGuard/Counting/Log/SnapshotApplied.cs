namespace ScrapeGuard.Counting.Log;

/// <summary>How far the entries of each node are contained: of the 64 nodes that wrote last.</summary>
internal sealed class SnapshotApplied
{
    public const int Most = 64;

    private readonly List<(uint Incarnation, uint Sequence)> nodes = [];

    public void Add(uint incarnation, uint sequence)
    {
        var known = nodes.FindIndex(node => node.Incarnation == incarnation);
        if (known >= 0)
        {
            sequence = Math.Max(sequence, nodes[known].Sequence);
            nodes.RemoveAt(known);
        }
        else if (nodes.Count == Most)
        {
            nodes.RemoveAt(0);
        }

        nodes.Add((incarnation, sequence));
    }

    /// <summary>Writes one at least, by which a snapshot is known for one.</summary>
    public void Write(LogWriter writer, uint maker)
    {
        if (nodes.Count == 0)
            writer.Applied(maker, 0);
        foreach (var (incarnation, sequence) in nodes)
            writer.Applied(incarnation, sequence);
    }
}
