using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Telemetry;

/// <summary>Says once an hour that ranges of ids are being swept.</summary>
internal sealed class SweepAlarm(SweepWatch sweeps, GuardClock clock, ILogger<SweepAlarm> logger) : IHostedService
{
    private static readonly long Quiet = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private long toldAt = -Quiet;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        sweeps.Found += Tell;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        sweeps.Found -= Tell;
        return Task.CompletedTask;
    }

    private void Tell()
    {
        var (now, before) = (clock.Now, Interlocked.Read(ref toldAt));
        if (now - before >= Quiet && Interlocked.CompareExchange(ref toldAt, now, before) == before)
            logger.SweepFound(sweeps.Swept);
    }
}
