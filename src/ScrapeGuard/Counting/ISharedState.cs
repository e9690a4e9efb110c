namespace ScrapeGuard.Counting;

/// <summary>Whether counts and blocks are shared at this moment.</summary>
internal interface ISharedState
{
    bool IsAvailable { get; }

    /// <summary><c>connected</c>, <c>connecting</c> or <c>away</c>.</summary>
    string State { get; }

    /// <summary>How long ago the shared state was last heard of, in seconds.</summary>
    double LagSeconds { get; }
}
