namespace ScrapeGuard.Counting;

/// <summary>Whether counts and blocks are shared at this moment.</summary>
internal interface ISharedState
{
    bool IsAvailable { get; }

    /// <summary><c>connected</c>, <c>connecting</c> or <c>away</c>.</summary>
    string State { get; }

    /// <summary>How long ago the shared state was last heard of, in seconds.</summary>
    double LagSeconds { get; }

    /// <summary>How many nodes share counts, this one included.</summary>
    int Nodes { get; }

    /// <summary>How many nodes say nothing, without having said good-bye: killed, cut off or stalled.</summary>
    int SilentNodes { get; }

    /// <summary>How many nodes share Redis and no key with this one, so that they share nothing else.</summary>
    int NodesApart { get; }

    /// <summary>When Redis was last found to have lost counts; null for never.</summary>
    DateTimeOffset? LostAt { get; }

    /// <summary>How many nodes may have counted views that this node has not heard of: while Redis does not answer, all the others.</summary>
    /// <param name="since">Since when, in milliseconds.</param>
    /// <param name="isCurrent">Whether the others were asked just now, and answered.</param>
    int MissingNodes(long since, bool isCurrent);
}
