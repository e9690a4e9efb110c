using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ScrapeGuard.Capture;

/// <summary>What a browser fetched although nobody asked to see it: counted nowhere, and not answered either.</summary>
internal static class UnaskedRequest
{
    /// <summary>The status of its answer; null for a request that somebody asked for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isFromAnotherSite">As <see cref="IsFromAnotherSite"/>: each look at a header costs, so that nobody looks twice.</param>
    public static int? StatusOf(HttpRequest request, bool isFromAnotherSite)
    {
        var headers = request.Headers;
        if (IsAhead(headers["Sec-Purpose"]) || IsAhead(headers["Purpose"]) || IsAhead(headers["X-Purpose"]) || IsAhead(headers["X-Moz"]))
            return StatusCodes.Status503ServiceUnavailable;
        if (!isFromAnotherSite)
            return null;
        var isEmbedded = headers["Sec-Fetch-Mode"].ToString() is "no-cors"
            || headers["Sec-Fetch-Dest"].ToString() is "iframe" or "frame" or "object" or "embed" or "fencedframe"
            || (headers["Sec-Fetch-Mode"] == "cors" && !MayBeAskedByOthers(request.HttpContext));
        return isEmbedded ? StatusCodes.Status403Forbidden : null;
    }

    /// <summary>
    /// Whether a browser says that a page of another site made it ask, by a link or otherwise: its user may have been led there, and is accused of nothing
    /// for it.
    /// </summary>
    public static bool IsFromAnotherSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"] == "cross-site";

    /// <summary>
    /// Whether a browser says that it goes there, by a link, a form or a script. Where a page of another site made it, who looks at it may not have asked for it;
    /// whether one did is for whoever calls to know.
    /// </summary>
    public static bool IsNavigation(HttpRequest request) => request.Headers["Sec-Fetch-Mode"] == "navigate" && !HttpMethods.IsHead(request.Method);

    /// <summary>
    /// Whether a browser says that it fetches ahead of its user: Sec-Purpose in the Fetch standard, before it Purpose and X-Purpose in WebKit and Chromium,
    /// X-Moz in Firefox. Other clients may say so too, and are shown nothing for it.
    /// </summary>
    private static bool IsAhead(StringValues purpose)
    {
        var text = purpose.ToString();
        return text.StartsWith("prefetch", StringComparison.OrdinalIgnoreCase) || text.StartsWith("preview", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the portal has CORS at all: where it has none, no script of another site can read the answer, only make its visitor ask.</summary>
    private static bool MayBeAskedByOthers(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null || context.RequestServices.GetService<ICorsService>() is not null;
}
