using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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

    private Task GuardAsync(HttpContext context, IDisplayPageMetadata page)
    {
        Warn(context);
        if (Unasked(context.Request) is { } status && guard.Settings.Enforces)
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        var opening = guard.OpenAsync(context, page);
        return opening.IsCompletedSuccessfully ? CountAsync(context, opening.Result) : CountLateAsync(context, opening);
    }

    private async Task CountLateAsync(HttpContext context, ValueTask<GuardedRequest> opening) => await CountAsync(context, await opening);

    private Task CountAsync(HttpContext context, GuardedRequest request)
    {
        if (request.Assessment.IsRefused)
            return RefusalResponder.AnswerAsync(context, request.Settings, request.Refusal!, guard.Clock);

        // What MVC and Razor Pages bind is known only later, to their filter.
        if (request.Page!.Record is not null && context.GetEndpoint()?.Metadata.GetMetadata<ActionDescriptor>() is not null)
            return RunAsync(context, request);
        var counting = request.CountPageAsync(RequestedRecord.Of(context, request.Page));
        return counting.IsCompletedSuccessfully ? AnswerAsync(context, request, counting.Result) : AnswerLateAsync(context, request, counting);
    }

    private async Task AnswerLateAsync(HttpContext context, GuardedRequest request, ValueTask<ScrapeGuardAssessment> counting) =>
        await AnswerAsync(context, request, await counting);

    private Task AnswerAsync(HttpContext context, GuardedRequest request, ScrapeGuardAssessment assessment) => assessment.IsRefused
        ? RefusalResponder.AnswerAsync(context, request.Settings, request.Refusal!, guard.Clock)
        : RunAsync(context, request);

    /// <summary>Runs the page. One that ends at once needs no state machine to wait for it.</summary>
    private Task RunAsync(HttpContext context, GuardedRequest request)
    {
        context.Response.OnStarting(static state => OnStarting(state), request);
        var page = Start(context);
        return page.IsCompletedSuccessfully ? EndAsync(context, request, failed: false) : RunLateAsync(context, request, page);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again where the page is awaited.")]
    private Task Start(HttpContext context)
    {
        try
        {
            return next(context);
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }

    private async Task RunLateAsync(HttpContext context, GuardedRequest request, Task page)
    {
        var failed = true;
        try
        {
            await page;
            failed = false;
        }
        finally
        {
            await EndAsync(context, request, failed);
        }
    }

    private Task EndAsync(HttpContext context, GuardedRequest request, bool failed)
    {
        var outcome = OutcomeOf.Response(context, failed);

        // An action that authorization or an earlier filter ended was never counted by its filter.
        if (!request.IsCounted && outcome is not Outcome.Released)
        {
            request.IsAnswered = true;
            var counting = request.CountPageAsync(RequestedRecord.Of(context, request.Page!));
            if (!counting.IsCompletedSuccessfully)
                return EndLateAsync(context, request, outcome, failed, counting);
        }

        End(context, request, outcome, failed);
        return Task.CompletedTask;
    }

    private async Task EndLateAsync(
        HttpContext context, GuardedRequest request, Outcome outcome, bool failed, ValueTask<ScrapeGuardAssessment> counting)
    {
        await counting;
        End(context, request, outcome, failed);
    }

    private void End(HttpContext context, GuardedRequest request, Outcome outcome, bool failed)
    {
        // A response without a body has not started yet, and is charged with the session it will issue.
        if (!failed)
            guard.IssueSession(context, request);
        guard.Settle(request, outcome);
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
        var request = (GuardedRequest)state;
        var context = request.Context;
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

        if (context.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true } && Interlocked.Exchange(ref warnedOfWebSocket, 1) == 0)
            logger.WebSocketNotCovered(context.GetEndpoint()?.DisplayName);
    }
}
