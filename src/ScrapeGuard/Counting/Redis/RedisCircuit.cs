using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Whether Redis is asked at all. A few failures in a row open the circuit, and only the probe closes it; one that opens again soon after stays open for
/// longer each time, so that a server that answers the probe and fails the views does not flap. Says each change once.
/// </summary>
internal sealed class RedisCircuit(TimeProvider time, ILogger logger)
{
    /// <summary>Failures in a row that open it.</summary>
    public const int MostFailures = 3;

    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A circuit that stayed closed for this long was closed rightly.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private readonly Lock changing = new();
    private volatile bool isClosed;
    private volatile bool isAway;
    private int failures;
    private long openedAt = time.GetTimestamp();
    private long? closedAt;

    /// <summary>Whether Redis is asked.</summary>
    public bool IsClosed => isClosed;

    /// <summary>Whether something failed since the last success.</summary>
    public bool IsDoubtful => Volatile.Read(ref failures) > 0;

    public string State => isClosed ? "connected" : isAway ? "away" : "connecting";

    /// <summary>How long to wait before Redis is tried again.</summary>
    public TimeSpan Pause { get; private set; } = ShortestPause;

    public void Succeed() => Volatile.Write(ref failures, 0);

    /// <summary>Counts a failure; true if it opened the circuit.</summary>
    public bool Fail(string reason)
    {
        if (Interlocked.Increment(ref failures) < MostFailures && isClosed)
            return false;
        lock (changing)
        {
            if (isAway)
                return false;
            openedAt = isClosed ? time.GetTimestamp() : openedAt;
            isClosed = false;
            isAway = true;
            logger.RedisAway(reason);
            return true;
        }
    }

    /// <summary>Redis answered the probe.</summary>
    public void Close()
    {
        lock (changing)
        {
            var isFlapping = closedAt is { } before && time.GetElapsedTime(before, openedAt) < Settled;
            Pause = isFlapping ? TimeSpan.FromTicks(Math.Min(Pause.Ticks * 2, LongestPause.Ticks)) : ShortestPause;
            closedAt = time.GetTimestamp();
            failures = 0;
            isClosed = true;
            if (!isAway)
                return;
            isAway = false;
            logger.RedisBack(time.GetElapsedTime(openedAt).TotalSeconds);
        }
    }

    /// <summary>Asks Redis no more; says nothing.</summary>
    public void Stop() => isClosed = false;
}
