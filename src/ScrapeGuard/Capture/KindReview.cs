using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Capture;

/// <summary>Warns at start of settings for kinds of records that no display page shows: most often a kind is misspelt, and a canary in it would never alarm.</summary>
internal sealed class KindReview(ILogger<KindReview> logger)
{
    /// <param name="pages">The display pages that the application has mapped.</param>
    /// <param name="options">The settings.</param>
    public void Review(IReadOnlyCollection<Endpoint> pages, ScrapeGuardOptions options)
    {
        var shown = pages.Select(page => EndpointPage.Of(page).Page!.Kind).Concat(options.Pages.Values.Select(page => page.Kind)).ToHashSet(StringComparer.Ordinal);
        if (shown.Count == 0)
            return;
        foreach (var (option, kind) in Named(options).Where(named => !shown.Contains(named.Kind)))
            logger.KindNotShown(option, kind, string.Join(", ", shown.Order(StringComparer.Ordinal)));
    }

    /// <summary>Whether an endpoint may turn out to be a display page: a Razor Page tells only once it was asked for.</summary>
    public static bool IsUnknown(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null and not CompiledPageActionDescriptor;

    private static IEnumerable<(string Option, string Kind)> Named(ScrapeGuardOptions options)
    {
        foreach (var (name, limit) in options.Limits)
        {
            if (limit.Kind is { } kind && limit.Max > 0)
                yield return ($"Limits:{name}:Kind", kind);
        }

        foreach (var kind in options.Signals.Canary.Records.Keys)
            yield return ("Signals:Canary:Records", kind);
    }
}
