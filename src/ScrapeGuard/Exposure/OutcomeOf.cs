using Microsoft.AspNetCore.Http;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Exposure;

/// <summary>What became of a view, read off its response.</summary>
internal static class OutcomeOf
{
    /// <param name="context">The request, after the page ran.</param>
    /// <param name="failed">Whether the page ended in an exception.</param>
    public static Outcome Response(HttpContext context, bool failed)
    {
        var response = context.Response;
        var outcome = FromStatus(context, response.StatusCode);

        // Bytes that went out were shown, whether the client then left or the page then failed.
        if (failed && !(response.HasStarted && outcome == Outcome.Displayed))
            return Outcome.ViewOnly;
        return outcome == Outcome.Displayed && HttpMethods.IsHead(context.Request.Method) ? Outcome.ViewOnly : outcome;
    }

    private static Outcome FromStatus(HttpContext context, int status) => status switch
    {
        >= 200 and < 300 or StatusCodes.Status304NotModified => Outcome.Displayed,
        StatusCodes.Status404NotFound or StatusCodes.Status410Gone or StatusCodes.Status403Forbidden => Outcome.Missed,
        StatusCodes.Status401Unauthorized => Outcome.Released,
        StatusCodes.Status302Found when AuthorizationResults.WasForbidden(context) => Outcome.Missed,
        StatusCodes.Status302Found when AuthorizationResults.WasChallenged(context) => Outcome.Released,
        _ => Outcome.ViewOnly,
    };
}
