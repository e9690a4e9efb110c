namespace ScrapeGuard.Counting.Redis;

/// <summary>What became of an exchange. The numbers are those of exchange.lua.</summary>
internal enum LogStatus : byte
{
    /// <summary>Redis did not answer, or had no room in its answer; the entry may be in the log or not. The same exchange again does no harm.</summary>
    Unanswered = 0,

    /// <summary>Others appended after what was known; the entry is in the log.</summary>
    News = 1,

    /// <summary>The log is not the one that was known, or was not known; nothing was appended.</summary>
    Whole = 2,

    /// <summary>The log was not known; the entry was appended to it.</summary>
    WholeAppended = 3,

    /// <summary>The log that was known is gone; nothing was written.</summary>
    Lost = 4,

    /// <summary>Nobody else appended; the entry is in the log.</summary>
    Appended = 5,
}
