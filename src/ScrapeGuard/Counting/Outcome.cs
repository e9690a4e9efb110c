namespace ScrapeGuard.Counting;

/// <summary>What became of a view that was let in.</summary>
internal enum Outcome : byte
{
    /// <summary>The record was shown.</summary>
    Displayed,

    /// <summary>Nothing was found, or it was forbidden.</summary>
    Missed,

    /// <summary>The view counts, but showed nothing.</summary>
    ViewOnly,

    /// <summary>No view after all: refused by a narrower subject, or challenged to sign in.</summary>
    Released,
}
