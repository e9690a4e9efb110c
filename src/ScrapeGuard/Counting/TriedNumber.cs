namespace ScrapeGuard.Counting;

/// <summary>A number that is asked for, as its place among numbers: ranges are known by fingerprints, so that nobody tells which numbers they hold.</summary>
/// <param name="Range">The range it lies in.</param>
/// <param name="Below">The range of lower numbers beside that; 0 for none.</param>
/// <param name="Above">The range of higher numbers beside it.</param>
/// <param name="Position">Its place in the range.</param>
/// <param name="Number">The number itself, which never leaves this node; -1 where another node tells of it.</param>
/// <param name="Kind">The kind of record, hashed.</param>
internal readonly record struct TriedNumber(ulong Range, ulong Below, ulong Above, int Position, long Number = -1, uint Kind = 0);
