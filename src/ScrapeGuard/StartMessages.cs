using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard;

/// <summary>Says at start what an operator should know of the settings.</summary>
internal sealed class StartMessages(SettingsSource settings, Pseudonyms pseudonyms, ILogger<StartMessages> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!settings.Current.Enforces)
            logger.Observing();
        if (pseudonyms.IsRandom)
            logger.RandomKey();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
