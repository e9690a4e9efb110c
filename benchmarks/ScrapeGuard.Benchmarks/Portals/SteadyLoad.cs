using System.Diagnostics;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>
/// So many views a second, each sent when it is due whether or not those before it are answered (open loop). A loop sends what is due each
/// millisecond; the time of a view counts from its sending.
/// </summary>
internal sealed class SteadyLoad(double perSecond, int mostInFlight = 5_000)
{
    private int inFlight;

    /// <summary>Sends for so long, then waits for the answers; times in microseconds by number of view. What cannot be sent in time shows as fewer of them.</summary>
    public async Task<SteadyResult> RunAsync(TimeSpan time, Func<int, Task> sendAsync)
    {
        var microseconds = new double[(int)(perSecond * time.TotalSeconds)];
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var sent = 0;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            var due = Math.Min(microseconds.Length, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond));
            for (; sent < due && Volatile.Read(ref inFlight) < mostInFlight; sent++)
                _ = SendAsync(sent, microseconds, sendAsync);
            await tick.WaitForNextTickAsync();
        }

        var took = Stopwatch.GetElapsedTime(started);
        for (var waits = 0; Volatile.Read(ref inFlight) > 0 && waits < 1_000; waits++)
            await Task.Delay(10);
        return new SteadyResult(microseconds[..sent], took);
    }

    private async Task SendAsync(int number, double[] microseconds, Func<int, Task> sendAsync)
    {
        Interlocked.Increment(ref inFlight);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await sendAsync(number);
        }
        finally
        {
            microseconds[number] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            Interlocked.Decrement(ref inFlight);
        }
    }
}
