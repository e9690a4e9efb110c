using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Capture;

/// <summary>
/// Looks each display page over once and warns of what would show records uncounted: at start, and at its first view where an endpoint is known no
/// earlier, as that of a Razor Page.
/// </summary>
internal sealed class PageReview(ILogger<PageReview> logger)
{
    public static bool IsDisplayPage(Endpoint endpoint) => EndpointPage.Of(endpoint) is { Page: not null, IsExcluded: false };

    public void Review(Endpoint endpoint, EndpointPage declared)
    {
        if (!declared.BeginReview())
            return;
        var metadata = endpoint.Metadata;
        if (IsCached(metadata))
            logger.OutputCached(endpoint.DisplayName);
        if (metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            logger.ComponentNotCovered(endpoint.DisplayName);
        if (metadata.GetMetadata<HubMetadata>() is not null)
            logger.HubNotCovered(endpoint.DisplayName);
        if (metadata.GetMetadata<IDisplayPageMetadata>() is { Record: { } record } and not DisplayPage { FindRecord: not null } && !Holds(endpoint, record))
            logger.RecordNotFound(endpoint.DisplayName, record);
    }

    private static bool IsCached(EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<IOutputCachePolicy>() is not null
        || metadata.GetMetadata<OutputCacheAttribute>() is { NoStore: false }
        || metadata.GetMetadata<ResponseCacheAttribute>() is { NoStore: false, Location: not ResponseCacheLocation.None };

    /// <summary>Whether the route, or what the action or the page binds, has a value of this name.</summary>
    private static bool Holds(Endpoint endpoint, string record)
    {
        if (endpoint is not RouteEndpoint { RoutePattern: var pattern })
            return true;
        if (pattern.GetParameter(record) is not null || pattern.Defaults.ContainsKey(record) || pattern.RequiredValues.ContainsKey(record))
            return true;
        return endpoint.Metadata.GetMetadata<ActionDescriptor>() switch
        {
            null => false,
            CompiledPageActionDescriptor page => Binds(page, record) || page.HandlerMethods.Any(handler => Names(handler.Parameters, record)),

            // A page that is not compiled yet does not tell what it binds.
            PageActionDescriptor => true,
            var action => Binds(action, record),
        };
    }

    private static bool Binds(ActionDescriptor action, string record) => Names(action.Parameters, record) || Names(action.BoundProperties, record);

    private static bool Names(IEnumerable<ParameterDescriptor> bound, string record) => bound.Any(value => BoundRecord.IsNamed(value, record));
}
