using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using ScrapeGuard.Capture;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Exposure;

namespace ScrapeGuard;

/// <summary>The entry of every request: those that ask for no display page pass at no cost.</summary>
internal sealed class ScrapeGuardMiddleware(RequestDelegate next, Guard guard, RequestReview review)
{
    public Task InvokeAsync(HttpContext context)
    {
        var page = Find(context);
        if (page is null || context.Features.Get<GuardedRequest>() is not null)
            return next(context);
        if (HttpMethods.IsOptions(context.Request.Method) && (!guard.Settings.Enforces || OptionsRequest.PutPageAside(context)))
            return next(context);
        return GuardAsync(context, page);
    }

    private IDisplayPageMetadata? Find(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        var page = metadata?.GetMetadata<IDisplayPageMetadata>() ?? guard.Settings.Pages.Find(context.Request);
        return page is null || metadata?.GetMetadata<NoDisplayPage>() is not null ? null : page;
    }

    private Task GuardAsync(HttpContext context, IDisplayPageMetadata page)
    {
        review.Review(context);
        if (guard.Settings.Enforces && UnaskedRequest.StatusOf(context.Request) is { } status)
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
            return PageRun.RunAsync(context, request, next);
        var counting = request.CountPageAsync(RequestedRecord.Of(context, request.Page));
        return counting.IsCompletedSuccessfully ? AnswerAsync(context, request, counting.Result) : AnswerLateAsync(context, request, counting);
    }

    private async Task AnswerLateAsync(HttpContext context, GuardedRequest request, ValueTask<ScrapeGuardAssessment> counting) =>
        await AnswerAsync(context, request, await counting);

    private Task AnswerAsync(HttpContext context, GuardedRequest request, ScrapeGuardAssessment assessment) => assessment.IsRefused
        ? RefusalResponder.AnswerAsync(context, request.Settings, request.Refusal!, guard.Clock)
        : PageRun.RunAsync(context, request, next);
}
