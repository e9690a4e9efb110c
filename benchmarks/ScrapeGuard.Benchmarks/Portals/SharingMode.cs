namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>How nodes share what they count: the variants of most tables.</summary>
internal sealed record SharingMode(string Name, string? Consistency)
{
    public static readonly SharingMode InProcess = new("in process", null);
    public static readonly SharingMode Batched = new("Redis batched", "Batched");
    public static readonly SharingMode Strict = new("Redis strict", "Strict");

    /// <summary>Those that need a Redis.</summary>
    public static readonly SharingMode[] Shared = [Batched, Strict];
}
