using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Exposure;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard;

/// <summary>The entry of every request: those that ask for no display page pass at no cost.</summary>
internal sealed class ScrapeGuardMiddleware(
    RequestDelegate next, Guard guard, Placement placement, PageReview review, ILogger<ScrapeGuardMiddleware> logger)
{
    private int warnedOfWebSocket;
    private int warnedOfForwarding;

    public Task InvokeAsync(HttpContext context)
    {
        var page = Find(context);
        if (page is null || context.Features.Get<GuardedRequest>() is not null)
            return next(context);
        if (HttpMethods.IsOptions(context.Request.Method) && IsAnsweredWithoutRecord(context))
            return next(context);
        return GuardAsync(context, page);
    }

    /// <summary>
    /// OPTIONS asks what a page allows. Whatever comes after this answers it, CORS among it, but for the page: one that is mapped for every method would show
    /// the record, and OPTIONS counts nowhere. Without an endpoint to put aside it counts like any other view.
    /// </summary>
    private bool IsAnsweredWithoutRecord(HttpContext context)
    {
        if (!guard.Settings.Enforces)
            return true;
        if (context.GetEndpoint() is not { } endpoint)
            return false;
        context.SetEndpoint(new Endpoint(static context => AnswerOptions(context), endpoint.Metadata, endpoint.DisplayName));
        return true;
    }

    private static Task AnswerOptions(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        var methods = context.GetEndpoint()?.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        context.Response.Headers.Allow = methods.Count == 0 ? "GET, HEAD, OPTIONS" : string.Join(", ", methods);
        return Task.CompletedTask;
    }

    private IDisplayPageMetadata? Find(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<NoDisplayPage>() is not null)
            return null;
        return metadata?.GetMetadata<IDisplayPageMetadata>() ?? guard.Settings.Pages.Find(context.Request);
    }

    private async Task GuardAsync(HttpContext context, IDisplayPageMetadata page)
    {
        Warn(context);
        if (Unasked(context.Request) is { } status && guard.Settings.Enforces)
        {
            context.Response.StatusCode = status;
            return;
        }

        var request = await guard.OpenAsync(context, new DisplayPageOf(page));
        if (request.Assessment.IsRefused)
        {
            await RefusalResponder.AnswerAsync(context, request.Settings, request.Refusal!, guard.Clock);
            return;
        }

        // What MVC and Razor Pages bind is known only later, to their filter.
        var isBoundLater = page.Record is not null && context.GetEndpoint()?.Metadata.GetMetadata<ActionDescriptor>() is not null;
        if (!isBoundLater && (await request.CountPageAsync(context, [RequestedRecord.Of(context, page)])).IsRefused)
        {
            await RefusalResponder.AnswerAsync(context, request.Settings, request.Refusal!, guard.Clock);
            return;
        }

        context.Response.OnStarting(static state => OnStarting(state), (context, request));
        await RunAsync(context, request, page);
    }

    private async Task RunAsync(HttpContext context, GuardedRequest request, IDisplayPageMetadata page)
    {
        var failed = true;
        try
        {
            await next(context);
            failed = false;
        }
        finally
        {
            var outcome = OutcomeOf.Response(context, failed);

            // An action that authorization or an earlier filter ended was never counted by its filter.
            if (!request.IsCounted && outcome is not Outcome.Released)
            {
                request.IsAnswered = true;
                await request.CountPageAsync(context, [RequestedRecord.Of(context, page)]);
            }

            // A response without a body has not started yet, and is charged with the session it will issue.
            if (!failed)
                guard.IssueSession(context, request);
            guard.Settle(request, outcome);
        }
    }

    /// <summary>What a browser fetched although nobody asked to see it: counted nowhere, and not answered either.</summary>
    private static int? Unasked(HttpRequest request)
    {
        if (request.Headers["Sec-Purpose"].ToString().StartsWith("prefetch", StringComparison.OrdinalIgnoreCase))
            return StatusCodes.Status503ServiceUnavailable;
        if (request.Headers["Sec-Fetch-Site"] != "cross-site")
            return null;
        var isEmbedded = request.Headers["Sec-Fetch-Mode"].ToString() is "no-cors"
            || request.Headers["Sec-Fetch-Dest"].ToString() is "iframe" or "frame" or "object" or "embed" or "fencedframe"
            || (request.Headers["Sec-Fetch-Mode"] == "cors" && !MayBeAskedByOthers(request.HttpContext));
        return isEmbedded ? StatusCodes.Status403Forbidden : null;
    }

    /// <summary>Whether the portal has CORS at all: where it has none, no script of another site can read the answer, only make its visitor ask.</summary>
    private static bool MayBeAskedByOthers(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null || context.RequestServices.GetService<ICorsService>() is not null;

    private static Task OnStarting(object state)
    {
        var (context, request) = ((HttpContext, GuardedRequest))state;
        if (context.Response.Headers.CacheControl.Count == 0)
            context.Response.Headers.CacheControl = "no-store";
        request.Guard.IssueSession(context, request);

        // What has begun is displayed, however long it runs: a reservation would lapse after a minute.
        if (request.IsCounted && OutcomeOf.Response(context, failed: false) == Outcome.Displayed)
            request.Guard.Settle(request, Outcome.Displayed);
        return Task.CompletedTask;
    }

    private void Warn(HttpContext context)
    {
        placement.Check(context);
        if (context.GetEndpoint() is { } endpoint)
            review.Review(endpoint);
        if (context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("X-Original-For")
            && Interlocked.Exchange(ref warnedOfForwarding, 1) == 0)
        {
            logger.ForwardedHeaderUnused();
        }

        if (context.WebSockets.IsWebSocketRequest && Interlocked.Exchange(ref warnedOfWebSocket, 1) == 0)
            logger.WebSocketNotCovered(context.GetEndpoint()?.DisplayName);
    }
}
