using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ScrapeGuard.Capture;

/// <summary>
/// OPTIONS asks what a page allows. Whatever comes after ScrapeGuard answers it, CORS among it, but for the page: one that is mapped for every method would
/// show the record, and OPTIONS counts nowhere.
/// </summary>
internal static class OptionsRequest
{
    /// <summary>Puts the page aside; false where there is no endpoint to put aside, so that the request counts like any other view.</summary>
    public static bool PutPageAside(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return false;
        context.SetEndpoint(new Endpoint(static context => Answer(context), endpoint.Metadata, endpoint.DisplayName));
        return true;
    }

    private static Task Answer(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        var methods = context.GetEndpoint()?.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        context.Response.Headers.Allow = methods.Count == 0 ? "GET, HEAD, OPTIONS" : string.Join(", ", methods);
        return Task.CompletedTask;
    }
}
