namespace ScrapeGuard.Counting.Redis;

/// <summary>What the entries of this node are told from all others by: a number for this start of the node, and one for each entry.</summary>
internal sealed class LogSequence
{
    private int last;

    public uint Incarnation { get; } = (uint)Random.Shared.NextInt64(1, uint.MaxValue);

    public uint Next => (uint)Interlocked.Increment(ref last);
}
