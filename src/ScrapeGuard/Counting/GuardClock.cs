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

    private const int LaterBits = 16;

    private readonly long start = time.GetTimestamp();
    private readonly long startMilliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long perMillisecond = Math.Max(1, time.TimestampFrequency / 1000);

    // The tick of the system tells that it is still the moment at which the time was read last: four nanoseconds instead of twenty-five.
    private readonly bool hasTicks = time == TimeProvider.System;
    private readonly long startTick = Environment.TickCount64;

    // That tick, and in the low bits by how many milliseconds the time is ahead of it.
    private long lastRead;
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

    /// <summary>As <see cref="Now"/>, which is as much as a tick of the system earlier: 4 ms on Linux, 16 on Windows.</summary>
    public long Exact
    {
        get
        {
            var uncorrected = ExactUncorrected;
            return uncorrected + OffsetAt(uncorrected);
        }
    }

    /// <summary>The time without the offset to Redis: whatever is corrected, it passes as fast as it does.</summary>
    public long Uncorrected => hasTicks ? ReadOncePerTick() : ExactUncorrected;

    /// <summary>As <see cref="Uncorrected"/>, by a time stamp.</summary>
    public long ExactUncorrected => startMilliseconds + ((Time.GetTimestamp() - start) / perMillisecond);

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

    private long ReadOncePerTick()
    {
        var tick = Environment.TickCount64;
        var seen = Volatile.Read(ref lastRead);
        if (seen >> LaterBits == tick)
            return TimeOf(seen);
        var exact = ExactUncorrected;
        var later = exact - startMilliseconds - (tick - startTick);
        if (later != (short)later)
            return exact; // The two have drifted apart, over years.

        // Of those who read at once the first is right for all, so that nobody sees the time run back.
        var before = Interlocked.CompareExchange(ref lastRead, (tick << LaterBits) | (ushort)later, seen);
        return before == seen ? exact : TimeOf(before);
    }

    private long TimeOf(long read) => startMilliseconds + ((read >> LaterBits) - startTick) + (short)read;

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
