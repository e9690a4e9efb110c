namespace ScrapeGuard.Counting.Redis;

/// <summary>How seldom news is sent that need not be sent with the next flush, in flushes.</summary>
/// <param name="Resting">Of subjects far from every limit, however many views they make.</param>
/// <param name="Waiting">Of what no limit counts, and operators only are shown, where nothing else is sent.</param>
internal readonly record struct FlushPauses(int Resting, int Waiting)
{
    /// <summary>A second, and ten; a flush where those come more seldom.</summary>
    public static FlushPauses Of(TimeSpan flushInterval) => new(FlushesIn(1, flushInterval), FlushesIn(10, flushInterval));

    private static int FlushesIn(int seconds, TimeSpan flushInterval) => Math.Max(1, (int)(TimeSpan.FromSeconds(seconds) / flushInterval));
}
