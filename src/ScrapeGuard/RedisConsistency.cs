namespace ScrapeGuard;

/// <summary>How a node shares its counts with the others through Redis.</summary>
public enum RedisConsistency
{
    /// <summary>
    /// Views are decided at once, on what this node counted and last heard of the others; its counts are sent every <see cref="RedisOptions.FlushInterval"/>,
    /// and at once for a subject that is new to the node or past half of a limit.
    /// </summary>
    Batched,

    /// <summary>Each view waits until the others' counts are known, at most <see cref="RedisOptions.Timeout"/>.</summary>
    Strict,
}
