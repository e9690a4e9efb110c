using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Capture;

/// <summary>Warns of what only a request for a display page shows: where ScrapeGuard stands, what the page is, who is in front of the portal.</summary>
internal sealed class RequestReview(Placement placement, PageReview pages, ILogger<RequestReview> logger)
{
    // Who is in front of the portal is so at every request: after the first ones few are enough to tell.
    private const int First = 1000;
    private const int OneIn = 64;

    [ThreadStatic]
    private static int later;

    private int requests;
    private int warnedOfWebSocket;
    private int warnedOfForwarding;

    public void Review(HttpContext context, Endpoint? endpoint, EndpointPage declared)
    {
        placement.Check(context);
        if (endpoint is not null)
            pages.Review(endpoint, declared);
        if (warnedOfWebSocket == 0 && IsUpgrade(context.Request) && Interlocked.Exchange(ref warnedOfWebSocket, 1) == 0)
            logger.WebSocketNotCovered(endpoint?.DisplayName);
        if (Volatile.Read(ref requests) < First)
            Interlocked.Increment(ref requests);
        else if (++later % OneIn != 0)
            return;
        if (warnedOfForwarding == 0 && IsForwardedUnused(context.Request.Headers) && Interlocked.Exchange(ref warnedOfForwarding, 1) == 0)
            logger.ForwardedHeaderUnused();
    }

    /// <summary>Whether a WebSocket is asked for (RFC 6455, RFC 8441), and the portal has such: only then is it worth asking for its feature.</summary>
    private static bool IsUpgrade(HttpRequest request) =>
        (request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method))
        && request.HttpContext.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true };

    private static bool IsForwardedUnused(IHeaderDictionary headers) =>
        headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("X-Original-For");
}
