using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Exposure;

/// <summary>Runs a page that was let in, and settles its view when the response begins or the page ends.</summary>
internal static class PageRun
{
    /// <summary>One that ends at once needs nobody to wait for it.</summary>
    public static Task RunAsync(HttpContext context, GuardedRequest request, RequestDelegate next)
    {
        context.Response.OnStarting(static state => OnStarting(state), request);
        var page = Start(context, next);
        if (page.IsCompletedSuccessfully)
            return EndAsync(context, request, failed: false);
        return request.IsCounted ? request.Wait.EndAsync(page) : EndUncountedAsync(context, request, page);
    }

    /// <summary>Ends a page whose view was counted.</summary>
    public static void End(GuardedRequest request, bool failed) =>
        End(request.Context, request, OutcomeOf.Response(request.Context, failed), failed);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again where the page is awaited.")]
    private static Task Start(HttpContext context, RequestDelegate next)
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

    /// <summary>Ends an action or a Razor Page, which its filter may have counted by then or not.</summary>
    private static async Task EndUncountedAsync(HttpContext context, GuardedRequest request, Task page)
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

    private static Task EndAsync(HttpContext context, GuardedRequest request, bool failed)
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

    private static async Task EndLateAsync(
        HttpContext context, GuardedRequest request, Outcome outcome, bool failed, ValueTask<ScrapeGuardAssessment> counting)
    {
        await counting;
        End(context, request, outcome, failed);
    }

    private static void End(HttpContext context, GuardedRequest request, Outcome outcome, bool failed)
    {
        // A response without a body has not started yet, and is charged with the session it will issue.
        if (!failed)
            request.Guard.IssueSession(context, request);
        request.Guard.Settle(request, outcome);
    }

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
}
