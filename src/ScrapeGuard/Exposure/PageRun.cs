using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Exposure;

/// <summary>
/// Runs a page that was let in, and settles its view when the response begins: by then it is decided what the client is shown. Nobody waits for the page
/// here, so that one that takes its time costs no memory of its own.
/// </summary>
internal static class PageRun
{
    public static Task RunAsync(HttpContext context, GuardedRequest request, RequestDelegate next)
    {
        context.Response.OnStarting(static state => OnStartingAsync((GuardedRequest)state), request);

        // The response may begin before the page lets go of this thread.
        request.Running = Task.CompletedTask;
        request.Running = Start(context, next);
        return request.HasFailed ? FailAsync(request, request.Running) : request.Running;
    }

    /// <summary>Settles what was counted, and counts the view of an action that its filter has not counted by now.</summary>
    public static Task SettleAsync(GuardedRequest request)
    {
        var isUncounted = request.Running is not null && !request.IsCounted;
        if (!isUncounted && request.Counted.Count == 0)
            return Task.CompletedTask;
        var outcome = OutcomeOf.Response(request.Context, request.HasFailed);

        // Authorization or an earlier filter answers in place of the action.
        if (isUncounted && outcome is Outcome.Released)
        {
            request.IsCounted = true;
        }
        else if (isUncounted)
        {
            request.IsAnswered = true;
            var counting = request.CountPageAsync(RequestedRecord.Of(request.Context, request.Page!));
            if (!counting.IsCompletedSuccessfully)
                return SettleLateAsync(request, outcome, counting);
        }

        request.Guard.Settle(request, outcome);
        return Task.CompletedTask;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again where the task is awaited.")]
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

    /// <summary>Not every server completes the response of a request that failed (Microsoft.AspNetCore.TestHost).</summary>
    private static async Task FailAsync(GuardedRequest request, Task page)
    {
        await SettleAsync(request);
        await page;
    }

    private static async Task SettleLateAsync(GuardedRequest request, Outcome outcome, ValueTask<ScrapeGuardAssessment> counting)
    {
        await counting;
        request.Guard.Settle(request, outcome);
    }

    private static Task OnStartingAsync(GuardedRequest request)
    {
        var headers = request.Context.Response.Headers;
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        if (!request.HasFailed)
            request.Guard.IssueSession(request.Context, request);
        return SettleAsync(request);
    }
}
