using Microsoft.AspNetCore.Http;

namespace ScrapeGuard.Capture;

/// <summary>The record a request asks for, as far as the request itself tells: by the portal's delegate, by the configured path, or by the route.</summary>
internal static class RequestedRecord
{
    public static object? Of(HttpContext context, IDisplayPageMetadata page) => page switch
    {
        DisplayPage { FindRecord: { } find } => find(context),
        { Record: { } name } => RequestFeatures.RouteValue(context.Features, name),
        _ => null,
    };
}
