namespace ScrapeGuard.Counting;

/// <summary>
/// The time by which is counted, in milliseconds since 1970: the wall clock read once, carried on by the monotonic one, so that a step of the wall clock
/// moves no window; and corrected by the measured offset to Redis, so that nodes agree. A small correction makes it run faster or slower for a while and
/// never back.
/// </summary>
internal sealed class GuardClock(TimeProvider time)
{
    /// <summary>A correction up to this, in milliseconds, is approached: what servers of one cluster may differ by, and more. A larger one is made at once.</summary>
    public const long MostApproached = 2000;

    /// <summary>One part in so many is the most that the clock runs faster or slower meanwhile: a second takes 20.</summary>
    private const long Rate = 20;

    /// <summary>Whether the tick of the system tells the time: exact to some milliseconds, and five times as fast as a time stamp.</summary>
    private readonly bool isCoarse = time == TimeProvider.System;

    private readonly long start = time == TimeProvider.System ? Environment.TickCount64 : time.GetTimestamp();
    private readonly long startMilliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long perMillisecond = Math.Max(1, time.TimestampFrequency / 1000);
    private volatile Correction? correction;

    public TimeProvider Time { get; } = time;

    public long Now
    {
        get
        {
            var uncorrected = Uncorrected;
            return uncorrected + OffsetAt(uncorrected);
        }
    }

    /// <summary>The time without the offset to Redis: whatever is corrected, it passes as fast as it does.</summary>
    public long Uncorrected =>
        startMilliseconds + (isCoarse ? Environment.TickCount64 - start : (Time.GetTimestamp() - start) / perMillisecond);

    /// <summary>What <see cref="Now"/> is ahead of <see cref="Uncorrected"/> at this moment.</summary>
    public long Offset => correction?.At(Uncorrected) ?? 0;

    /// <summary>When this node began to count.</summary>
    public DateTimeOffset Start => At(startMilliseconds);

    /// <summary>Sets the offset to Redis at once.</summary>
    public void Correct(long milliseconds) => correction = new Correction(milliseconds, Uncorrected, milliseconds);

    /// <summary>Sets the offset to Redis: little by little where it is another than before, but not by much.</summary>
    public void Approach(long milliseconds)
    {
        var now = Uncorrected;
        if (correction is not { } before || Math.Abs(milliseconds - before.At(now)) > MostApproached)
            Correct(milliseconds);
        else
            correction = new Correction(before.At(now), now, milliseconds);
    }

    public static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private long OffsetAt(long uncorrected) => correction?.At(uncorrected) ?? 0;

    private sealed class Correction(long from, long since, long to)
    {
        public long At(long uncorrected)
        {
            var most = (uncorrected - since) / Rate;
            return to > from ? Math.Min(to, from + most) : Math.Max(to, from - most);
        }
    }
}
