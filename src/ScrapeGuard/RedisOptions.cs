namespace ScrapeGuard;

/// <summary>The Redis through which nodes share counts and blocks.</summary>
public sealed class RedisOptions
{
    /// <summary>A StackExchange.Redis configuration string such as <c>redis:6379,ssl=true,password=...</c>. Default: null, each node counts alone.</summary>
    public string? Configuration { get; set; }

    /// <summary>The first part of every key, to share one Redis between portals. Default: <c>sg</c>.</summary>
    public string KeyPrefix { get; set; } = "sg";

    /// <summary>How counts are shared. Default: <see cref="RedisConsistency.Batched"/>.</summary>
    public RedisConsistency Consistency { get; set; }

    /// <summary>
    /// How often the counts of a node are sent to the others; those of somebody far from all limits once a second, where that is less often and consistency is
    /// not strict. Default: 100 ms; 10 ms to 10 s.
    /// </summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest that Redis is waited for: by a view where consistency is strict, else by a flush only. Default: 50 ms; 1 ms to 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);
}
