namespace ScrapeGuard.Counting.Log;

/// <summary>What an event in the log of a subject says. The numbers are the first byte of an event and are never reused.</summary>
internal enum LogEventType : byte
{
    /// <summary>A record was novel and counts.</summary>
    Record = 1,

    /// <summary>A record announced before was not shown after all.</summary>
    Withdraw = 2,

    /// <summary>Views, misses and records to add to the windows they are charged to.</summary>
    Counts = 3,

    /// <summary>An account was seen at an address.</summary>
    Account = 4,

    /// <summary>A completed step-up granted an allowance.</summary>
    Grant = 5,

    /// <summary>Some of the allowance was used, or given back.</summary>
    AllowanceUsed = 6,

    /// <summary>All evidence before this is cleared; accounts stay.</summary>
    Forget = 7,

    /// <summary>One window held at least these counts in a log that is lost: besides all that this one counts.</summary>
    Slots = 8,

    /// <summary>Everything that one node appended from one sequence up to another is contained.</summary>
    Applied = 9,

    /// <summary>A record was shown again, and counted before.</summary>
    Shown = 10,

    /// <summary>A record was shown before the log was lost; what it counts is in the slots.</summary>
    Restored = 11,
}
