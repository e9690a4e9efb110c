namespace ScrapeGuard.Counting.Log;

/// <summary>What one event adds to windows; less than 0 takes back what was added before.</summary>
/// <param name="Views">Views.</param>
/// <param name="Misses">Views that found nothing or were forbidden.</param>
/// <param name="Records">Novel records whose fingerprints are not listed.</param>
/// <param name="RawViews">Views of an address, charged or not.</param>
/// <param name="RawRecords">Novel records behind an address, charged or not.</param>
/// <param name="Neighbours">Novel records whose numbers lie beside one that was shown before.</param>
internal readonly record struct LogCounts(int Views = 0, int Misses = 0, int Records = 0, int RawViews = 0, int RawRecords = 0, int Neighbours = 0)
{
    public bool IsEmpty => this == default;

    /// <summary>What a window of this count gets.</summary>
    public int Of(WindowCount count) => count switch
    {
        WindowCount.Views => Views,
        WindowCount.Misses => Misses,
        WindowCount.Records => Records,
        WindowCount.RawViews => RawViews,
        WindowCount.RawRecords => RawRecords,
        WindowCount.Neighbours => Neighbours,
        WindowCount.Pace => Records + Neighbours + (Misses * Pace.MissWeight),
        _ => 0,
    };

    /// <summary>The same, no number further from 0 than <paramref name="most"/>, nor neighbours than <paramref name="mostNeighbours"/>.</summary>
    public LogCounts Within(int most, int mostNeighbours) => new(
        Math.Clamp(Views, -most, most),
        Math.Clamp(Misses, -most, most),
        Math.Clamp(Records, -most, most),
        Math.Clamp(RawViews, -most, most),
        Math.Clamp(RawRecords, -most, most),
        Math.Clamp(Neighbours, -mostNeighbours, mostNeighbours));

    public static LogCounts operator +(LogCounts left, LogCounts right) => new(
        left.Views + right.Views,
        left.Misses + right.Misses,
        left.Records + right.Records,
        left.RawViews + right.RawViews,
        left.RawRecords + right.RawRecords,
        left.Neighbours + right.Neighbours);

    public static LogCounts operator -(LogCounts left, LogCounts right) => new(
        left.Views - right.Views,
        left.Misses - right.Misses,
        left.Records - right.Records,
        left.RawViews - right.RawViews,
        left.RawRecords - right.RawRecords,
        left.Neighbours - right.Neighbours);
}
