namespace ScrapeGuard.Counting;

/// <summary>Which views a window of an address, or of a signal, counts.</summary>
internal enum WindowCharge : byte
{
    /// <summary>Those charged to the subject: for an address its strangers'.</summary>
    Strangers,

    /// <summary>All, whoever makes them.</summary>
    All,

    /// <summary>Those of nobody who is signed in.</summary>
    Anonymous,

    /// <summary>Those of accounts that are themselves at the warning level of the signal Pace.</summary>
    Warned,

    /// <summary>Those of accounts that were first seen at the address less than a day ago.</summary>
    Newcomers,

    /// <summary>Those of records in a range that is being swept.</summary>
    Swept,
}
