namespace ScrapeGuard.Telemetry;

/// <summary>What was told lately, so that a flood of one thing is one line of the log. The oldest of so many things makes room for the next.</summary>
internal sealed class ToldBefore<T>(int most) where T : IEquatable<T>
{
    private readonly (T What, long At)[] told = new (T, long)[most];
    private readonly Lock telling = new();
    private int count;

    /// <summary>Whether a thing was not told within the last milliseconds; from now on it was.</summary>
    public bool IsNews(T what, long now, long within)
    {
        lock (telling)
        {
            var known = Math.Min(count, told.Length);
            for (var place = 0; place < known; place++)
            {
                if (!told[place].What.Equals(what))
                    continue;
                var isNews = now - told[place].At >= within;
                if (isNews)
                    told[place].At = now;
                return isNews;
            }

            told[count++ % told.Length] = (what, now);
            return true;
        }
    }
}
