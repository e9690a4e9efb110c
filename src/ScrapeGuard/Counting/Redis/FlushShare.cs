namespace ScrapeGuard.Counting.Redis;

/// <summary>Which news a flush takes.</summary>
internal enum FlushShare
{
    /// <summary>What should not wait, of the subjects that somebody waits for and their neighbours.</summary>
    Asked,

    /// <summary>What should not wait.</summary>
    Urgent,

    /// <summary>What limits count, and of some shards what can wait, in turn.</summary>
    Touched,

    /// <summary>What limits count, also of subjects that rest.</summary>
    Rested,

    /// <summary>What is shown to operators only as well.</summary>
    All,
}
