using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection.Signals;

namespace ScrapeGuard.Telemetry;

/// <summary>Looks every minute at how much the two busiest addresses are shown, and says once an hour that it is too much.</summary>
internal sealed class ConcentrationWatch(ConcentrationSignal concentration, GuardClock clock, ILogger<ConcentrationWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly long Quiet = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private long toldAt = -Quiet;

    /// <summary>Looks now.</summary>
    public void Look()
    {
        var now = clock.Now;
        if (now - toldAt < Quiet || concentration.Read(2, now) is not { IsAlarming: true } reading)
            return;
        toldAt = now;
        logger.Concentrated((int)(reading.ShareOfTwo * 100), reading.Records, reading.Addresses);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }
}
