using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// When the expiry of a log is put off again: with the first entry of this node in each half hour, not with each, for that would cost Redis half as much as
/// the entry. Whether there was one already shows by the log's last mark, as long as it is this node's.
/// </summary>
internal sealed class LogExpiry(uint incarnation)
{
    /// <summary>Half of what a log is kept beyond the longest window.</summary>
    private const long Period = 30 * 60_000;

    private long since = long.MinValue;
    private uint first;

    /// <param name="lastMark">The mark of the last entry known of the log.</param>
    /// <param name="sequence">The sequence of the entry that is about to be made: those before it are smaller.</param>
    /// <param name="now">The time in milliseconds since 1970.</param>
    public bool IsDue(ulong lastMark, uint sequence, long now)
    {
        if (now - Period >= since)
            (since, first) = (now, sequence);
        return lastMark < LogReader.MarkOf(incarnation, first) || (uint)lastMark != incarnation;
    }
}
