namespace ScrapeGuard.Counting.Redis;

/// <summary>Which news a flush takes.</summary>
internal enum FlushShare
{
    /// <summary>What should not wait, of the subjects that somebody waits for and their neighbours.</summary>
    Asked,

    /// <summary>What should not wait.</summary>
    Urgent,

    /// <summary>What limits count.</summary>
    Touched,

    /// <summary>What is shown to operators only as well.</summary>
    All,
}
