using Microsoft.AspNetCore.Http;
using ScrapeGuard.Capture;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Exposure;

namespace ScrapeGuard;

/// <summary>The entry of every request: those that ask for no display page pass at no cost.</summary>
internal sealed class ScrapeGuardMiddleware(RequestDelegate next, Guard guard, RequestReview review)
{
    public Task InvokeAsync(HttpContext context)
    {
        var features = context.Features;
        var endpoint = RequestFeatures.Endpoint(features);
        var declared = EndpointPage.Of(endpoint);
        var page = declared.Page ?? guard.Settings.Pages.Find(context.Request);
        if (page is null || declared.IsExcluded || RequestFeatures.Guarded(features) is not null)
            return next(context);
        if (HttpMethods.IsOptions(context.Request.Method) && (!guard.Settings.Enforces || OptionsRequest.PutPageAside(context)))
            return next(context);
        review.Review(context, endpoint, declared);
        return GuardAsync(context, page, isBoundLater: declared.IsAction && page.Record is not null);
    }

    private Task GuardAsync(HttpContext context, IDisplayPageMetadata page, bool isBoundLater)
    {
        bool? isFromAnotherSite = null;
        if (guard.Settings.Enforces)
        {
            isFromAnotherSite = UnaskedRequest.IsFromAnotherSite(context.Request);
            if (UnaskedRequest.StatusOf(context.Request, isFromAnotherSite.Value) is { } status)
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            }
        }

        var opening = guard.OpenAsync(context, page, isFromAnotherSite);
        return opening.IsCompletedSuccessfully ? CountAsync(context, opening.Result, isBoundLater) : CountLateAsync(context, opening, isBoundLater);
    }

    private async Task CountLateAsync(HttpContext context, ValueTask<GuardedRequest> opening, bool isBoundLater) =>
        await CountAsync(context, await opening, isBoundLater);

    private Task CountAsync(HttpContext context, GuardedRequest request, bool isBoundLater)
    {
        if (request.Assessment.IsRefused)
            return RefusalResponder.AnswerAsync(context, request.Settings, request.Refusal!, guard.Clock);

        if (isBoundLater)
            return PageRun.RunAsync(context, request, next);
        var counting = request.CountPageAsync(RequestedRecord.Of(context, request.Page!));
        return counting.IsCompletedSuccessfully ? AnswerAsync(context, request, counting.Result) : AnswerLateAsync(context, request, counting);
    }

    private async Task AnswerLateAsync(HttpContext context, GuardedRequest request, ValueTask<ScrapeGuardAssessment> counting) =>
        await AnswerAsync(context, request, await counting);

    private Task AnswerAsync(HttpContext context, GuardedRequest request, ScrapeGuardAssessment assessment) => assessment.IsRefused
        ? RefusalResponder.AnswerAsync(context, request.Settings, request.Refusal!, guard.Clock)
        : PageRun.RunAsync(context, request, next);
}
