namespace ScrapeGuard;

/// <summary>How a node shares its counts with the others through Redis.</summary>
public enum RedisConsistency
{
    /// <summary>Each view waits for the shared count, at most <see cref="RedisOptions.Timeout"/>.</summary>
    Strict,

    /// <summary>Views are decided at once and the counts sent in batches. Not available yet.</summary>
    Batched,
}
