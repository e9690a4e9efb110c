using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard;

/// <summary>Says at start what an operator should know of the settings, of the pipeline and of the display pages.</summary>
internal sealed class StartMessages(
    SettingsSource settings, Pseudonyms pseudonyms, Placement placement, PageReview review, KindReview kinds, IServiceProvider services, ILogger<StartMessages> logger)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        placement.CheckBeforeStart();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!settings.Current.Enforces)
            logger.Observing();
        if (pseudonyms.IsRandom)
            logger.RandomKey();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        placement.CheckAfterStart();
        var endpoints = Endpoints();
        var pages = endpoints.Where(PageReview.IsDisplayPage).ToArray();
        foreach (var page in pages)
            review.Review(page, EndpointPage.Of(page));
        if (!placement.IsUsed && (pages.Length > 0 || settings.Current.Options.Pages.Count > 0))
            logger.NotUsed();
        if (!endpoints.Any(KindReview.IsUnknown))
            kinds.Review(pages, settings.Current.Options);
        return Task.CompletedTask;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "An endpoint that cannot be built fails at its request, as ever.")]
    private IReadOnlyList<Endpoint> Endpoints()
    {
        try
        {
            return services.GetService<EndpointDataSource>()?.Endpoints ?? [];
        }
        catch (Exception)
        {
            return [];
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
