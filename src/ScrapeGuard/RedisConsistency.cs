namespace ScrapeGuard;

/// <summary>How a node shares its counts with the others through Redis.</summary>
public enum RedisConsistency
{
    /// <summary>
    /// Views are decided at once, on what this node counted and last heard of the others; its counts are sent every <see cref="RedisOptions.FlushInterval"/>,
    /// at once for a subject that is new to the node or past half of a limit, and once a second for one so far from all limits that all other nodes together hold
    /// back at most an eighth of what is left to half of each.
    /// </summary>
    Batched,

    /// <summary>
    /// Each view waits until the others' counts are known, at most <see cref="RedisOptions.Timeout"/>; but for one of a record that the node has shown to
    /// the same client within a day, who is below half of every limit.
    /// </summary>
    Strict,
}
