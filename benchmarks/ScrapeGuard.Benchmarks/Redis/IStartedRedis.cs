namespace ScrapeGuard.Benchmarks.Redis;

/// <summary>A Redis that a table started for itself: one server or a cluster.</summary>
internal interface IStartedRedis : IAsyncDisposable
{
    string Name { get; }

    /// <summary>For StackExchange.Redis.</summary>
    string Configuration { get; }
}
