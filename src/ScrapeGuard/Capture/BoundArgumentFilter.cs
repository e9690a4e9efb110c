using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;

namespace ScrapeGuard.Capture;

/// <summary>
/// Counts actions and Razor Pages with the argument that was really bound: a form or query value may override the one in the route, and what the page
/// shows is what counts.
/// </summary>
internal sealed class BoundArgumentFilter : IAsyncActionFilter, IAsyncPageFilter, IOrderedFilter
{
    /// <summary>Before every other action filter, the one that answers invalid models among them.</summary>
    public int Order => int.MinValue;

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var request = Pending(context.HttpContext);
        if (request is not null)
        {
            var record = Argument(request, context.HttpContext, context.ActionDescriptor.Parameters, context.ActionArguments);
            var assessment = await CountAsync(context.HttpContext, request, record);
            if (assessment.IsRefused)
            {
                context.Result = assessment.ToActionResult();
                return;
            }
        }

        await next();
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var request = Pending(context.HttpContext);
        if (request is not null)
        {
            var parameters = context.HandlerMethod?.Parameters.Cast<ParameterDescriptor>().ToArray() ?? [];
            var record = Property(request, context) ?? Argument(request, context.HttpContext, parameters, context.HandlerArguments);
            var assessment = await CountAsync(context.HttpContext, request, record);
            if (assessment.IsRefused)
            {
                context.Result = assessment.ToActionResult();
                return;
            }
        }

        await next();
    }

    private static GuardedRequest? Pending(HttpContext context) =>
        context.Features.Get<GuardedRequest>() is { IsCounted: false, Page.Page: not null } request ? request : null;

    private static object? Argument(
        GuardedRequest request, HttpContext context, IEnumerable<ParameterDescriptor> parameters, IDictionary<string, object?> arguments)
    {
        var name = request.Page.Page!.Record!;
        foreach (var parameter in parameters)
        {
            if (!IsNamed(parameter, name))
                continue;
            return arguments.TryGetValue(parameter.Name, out var value) ? value : null;
        }

        return context.GetRouteValue(name);
    }

    private static object? Property(GuardedRequest request, PageHandlerExecutingContext context)
    {
        foreach (var property in context.ActionDescriptor.BoundProperties)
        {
            if (IsNamed(property, request.Page.Page!.Record!) && property is PageBoundPropertyDescriptor bound)
                return bound.Property.GetValue(context.HandlerInstance);
        }

        return null;
    }

    private static bool IsNamed(ParameterDescriptor parameter, string name) =>
        string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(parameter.BindingInfo?.BinderModelName, name, StringComparison.OrdinalIgnoreCase);

    private static ValueTask<ScrapeGuardAssessment> CountAsync(HttpContext context, GuardedRequest request, object? record)
    {
        request.IsCounted = true;
        var page = request.Page.Page!;
        var text = RecordText.Of(record, page.Identity);
        string[] ids = text is null || HttpMethods.IsHead(context.Request.Method) ? [] : [text];
        return request.Guard.CountAsync(request, page.Kind, ids, 1);
    }
}
