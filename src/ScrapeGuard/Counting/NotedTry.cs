namespace ScrapeGuard.Counting;

/// <summary>A number that was tried, as nodes tell each other.</summary>
/// <param name="Number">Its place among numbers.</param>
/// <param name="Who">A part of the address it was tried from.</param>
/// <param name="At">When, in milliseconds.</param>
/// <param name="Subject">Who had part in a sweep with it, hashed; 0 for nobody.</param>
internal readonly record struct NotedTry(TriedNumber Number, ushort Who, long At, ulong Subject = 0);
