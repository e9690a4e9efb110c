using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Capture;

/// <summary>Warns of what only a request for a display page shows: where ScrapeGuard stands, what the page is, who is in front of the portal.</summary>
internal sealed class RequestReview(Placement placement, PageReview pages, ILogger<RequestReview> logger)
{
    private int warnedOfWebSocket;
    private int warnedOfForwarding;

    public void Review(HttpContext context)
    {
        placement.Check(context);
        if (context.GetEndpoint() is { } endpoint)
            pages.Review(endpoint);
        if (warnedOfForwarding == 0 && IsForwardedUnused(context.Request.Headers) && Interlocked.Exchange(ref warnedOfForwarding, 1) == 0)
            logger.ForwardedHeaderUnused();
        if (warnedOfWebSocket == 0 && context.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true }
            && Interlocked.Exchange(ref warnedOfWebSocket, 1) == 0)
        {
            logger.WebSocketNotCovered(context.GetEndpoint()?.DisplayName);
        }
    }

    private static bool IsForwardedUnused(IHeaderDictionary headers) =>
        headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("X-Original-For");
}
