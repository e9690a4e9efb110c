namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>Which records an attacker asks for.</summary>
internal enum ReadingOrder
{
    /// <summary>One id after the other, all clients from one counter.</summary>
    Sequential,

    /// <summary>The same, every third.</summary>
    EveryThird,

    /// <summary>One id after the other, every fourth of them twice.</summary>
    SomeTwice,

    /// <summary>Stretches of 300 ids, each in random order.</summary>
    Shuffled,

    /// <summary>Ids that exist, in random order.</summary>
    StolenList,

    /// <summary>Numbers of which one in ten is an id.</summary>
    Guessing,
}
