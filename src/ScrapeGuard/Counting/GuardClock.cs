namespace ScrapeGuard.Counting;

/// <summary>
/// The time by which is counted, in milliseconds since 1970: the wall clock read once, carried on by the monotonic one, so that a step of the wall clock
/// moves no window; and corrected by the measured offset to Redis, so that nodes agree.
/// </summary>
internal sealed class GuardClock(TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private readonly long startMilliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long perMillisecond = Math.Max(1, time.TimestampFrequency / 1000);
    private long offset;

    public TimeProvider Time { get; } = time;

    public long Now => Uncorrected + Volatile.Read(ref offset);

    /// <summary>The time without the offset to Redis.</summary>
    public long Uncorrected => startMilliseconds + ((Time.GetTimestamp() - start) / perMillisecond);

    /// <summary>When this node began to count.</summary>
    public DateTimeOffset Start => At(startMilliseconds);

    public void Correct(long milliseconds) => Volatile.Write(ref offset, milliseconds);

    public static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
