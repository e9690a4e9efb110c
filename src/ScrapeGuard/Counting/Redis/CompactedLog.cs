namespace ScrapeGuard.Counting.Redis;

/// <summary>A log whose place a snapshot has taken: how long it was and what its last mark was, and the same of the snapshot.</summary>
internal readonly record struct CompactedLog(int LengthBefore, ulong MarkBefore, int Length, ulong Mark);
