namespace ScrapeGuard.Counting;

/// <summary>What is asked of one subject before anything is reserved of it.</summary>
/// <param name="Windows">The windows of the subject.</param>
/// <param name="Charge">Which of them the view is charged to, a bit each.</param>
/// <param name="Account">The account that makes the view, for an address; else 0.</param>
/// <param name="AccountIsWarned">Whether that account is warned.</param>
/// <param name="Records">Fingerprints of the records asked for.</param>
/// <param name="At">When the view came, in milliseconds.</param>
internal readonly record struct Revisit(WindowSet Windows, uint Charge, ulong Account, bool AccountIsWarned, ulong[] Records, long At);
