using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;

namespace ScrapeGuard.Capture;

/// <summary>
/// Counts actions and Razor Pages with the argument that was really bound: a form or query value may override the one in the route, and what the page
/// shows is what counts. Where several arguments and properties bear the name, each of them may be shown, so each counts.
/// </summary>
internal sealed class BoundArgumentFilter : IAsyncActionFilter, IAsyncPageFilter, IOrderedFilter
{
    /// <summary>Before every other action filter, the one that answers invalid models among them.</summary>
    public int Order => int.MinValue;

    public Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var counting = CountAsync(context, context.ActionDescriptor, context.ActionDescriptor.Parameters, context.ActionArguments, context.Controller);
        if (!counting.IsCompletedSuccessfully)
            return WaitAsync(context, next, counting);
        context.Result = counting.Result;
        return context.Result is null ? next() : Task.CompletedTask;
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        object handler = context.HandlerMethod is null ? context.ActionDescriptor : context.HandlerMethod;
        IEnumerable<ParameterDescriptor> parameters = context.HandlerMethod is null ? [] : context.HandlerMethod.Parameters;
        var counting = CountAsync(context, handler, parameters, context.HandlerArguments, context.HandlerInstance);
        if (!counting.IsCompletedSuccessfully)
            return WaitAsync(context, next, counting);
        context.Result = counting.Result;
        return context.Result is null ? next() : Task.CompletedTask;
    }

    private static async Task WaitAsync(ActionExecutingContext context, ActionExecutionDelegate next, ValueTask<IActionResult?> counting)
    {
        context.Result = await counting;
        if (context.Result is null)
            await next();
    }

    private static async Task WaitAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next, ValueTask<IActionResult?> counting)
    {
        context.Result = await counting;
        if (context.Result is null)
            await next();
    }

    /// <summary>Counts the view; the answer if it is refused, else null.</summary>
    private static ValueTask<IActionResult?> CountAsync(
        ActionContext context, object handler, IEnumerable<ParameterDescriptor> parameters, IDictionary<string, object?> arguments, object instance)
    {
        if (RequestFeatures.Guarded(context.HttpContext.Features) is not { IsCounted: false, Page.Record: { } name } request)
            return default;
        var counting = BoundRecords.Of(name, context, handler, parameters).CountAsync(request, context, arguments, instance);
        return counting.IsCompletedSuccessfully ? new ValueTask<IActionResult?>(AnswerTo(counting.Result)) : WaitAsync(counting);
    }

    private static async ValueTask<IActionResult?> WaitAsync(ValueTask<ScrapeGuardAssessment> counting) => AnswerTo(await counting);

    private static IActionResult? AnswerTo(ScrapeGuardAssessment assessment) => assessment.IsRefused ? assessment.ToActionResult() : null;
}
