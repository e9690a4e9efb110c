using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ScrapeGuard.Capture;

/// <summary>What a browser fetched although nobody asked to see it: counted nowhere, and not answered either.</summary>
internal static class UnaskedRequest
{
    /// <summary>The status of its answer; null for a request that somebody asked for.</summary>
    public static int? StatusOf(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers["Sec-Purpose"].ToString().StartsWith("prefetch", StringComparison.OrdinalIgnoreCase))
            return StatusCodes.Status503ServiceUnavailable;
        if (headers["Sec-Fetch-Site"] != "cross-site")
            return null;
        var isEmbedded = headers["Sec-Fetch-Mode"].ToString() is "no-cors"
            || headers["Sec-Fetch-Dest"].ToString() is "iframe" or "frame" or "object" or "embed" or "fencedframe"
            || (headers["Sec-Fetch-Mode"] == "cors" && !MayBeAskedByOthers(request.HttpContext));
        return isEmbedded ? StatusCodes.Status403Forbidden : null;
    }

    /// <summary>Whether the portal has CORS at all: where it has none, no script of another site can read the answer, only make its visitor ask.</summary>
    private static bool MayBeAskedByOthers(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null || context.RequestServices.GetService<ICorsService>() is not null;
}
