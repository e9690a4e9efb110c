using System.Collections;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ScrapeGuard.Capture;

/// <summary>
/// Counts actions and Razor Pages with the argument that was really bound: a form or query value may override the one in the route, and what the page
/// shows is what counts. Where several arguments and properties bear the name, each of them may be shown, so each counts.
/// </summary>
internal sealed class BoundArgumentFilter : IAsyncActionFilter, IAsyncPageFilter, IOrderedFilter
{
    /// <summary>Before every other action filter, the one that answers invalid models among them.</summary>
    public int Order => int.MinValue;

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        context.Result = await CountAsync(context, context.ActionDescriptor.Parameters, context.ActionArguments, context.Controller);
        if (context.Result is null)
            await next();
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var parameters = context.HandlerMethod?.Parameters ?? [];
        context.Result = await CountAsync(context, parameters, context.HandlerArguments, context.HandlerInstance);
        if (context.Result is null)
            await next();
    }

    /// <summary>Counts the view; the answer if it is refused, else null.</summary>
    private static async ValueTask<IActionResult?> CountAsync(
        ActionContext context, IEnumerable<ParameterDescriptor> parameters, IDictionary<string, object?> arguments, object instance)
    {
        if (context.HttpContext.Features.Get<GuardedRequest>() is not { IsCounted: false, Page: { Record: { } name } page } request)
            return null;
        var isBound = false;
        var records = new List<object?>(1);
        foreach (var parameter in parameters)
            isBound |= Add(records, context, parameter, name, arguments.TryGetValue(parameter.Name, out var value) ? value : null);
        foreach (var property in context.ActionDescriptor.BoundProperties)
        {
            // A property that is bound on POST only says nothing on GET.
            if (property.BindingInfo?.RequestPredicate?.Invoke(context) != false)
                isBound |= Add(records, context, property, name, ValueOf(property, instance));
        }

        // A type of the portal's that does not say what it is leaves the text it was made of.
        if (!isBound || records.Exists(record => record is not null && record.ToString() == record.GetType().ToString() && record is not IEnumerable))
            records.Add(RequestedRecord.Of(context.HttpContext, page));
        var assessment = await request.CountPageOfSeveralAsync(records);
        return assessment.IsRefused ? assessment.ToActionResult() : null;
    }

    /// <summary>Adds what was bound under the record's name: the value itself, or the property of that name of a model.</summary>
    private static bool Add(List<object?> records, ActionContext context, ParameterDescriptor bound, string name, object? value)
    {
        if (IsNamed(bound, name))
        {
            records.Add(value);
            return true;
        }

        var metadata = context.HttpContext.RequestServices.GetRequiredService<IModelMetadataProvider>().GetMetadataForType(bound.ParameterType);
        if (value is null || metadata.IsEnumerableType)
            return false;
        var property = metadata.Properties.FirstOrDefault(property => string.Equals(property.BinderModelName ?? property.PropertyName, name, StringComparison.OrdinalIgnoreCase));
        if (property?.PropertyGetter is not { } get)
            return false;
        records.Add(get(value));
        return true;
    }

    private static object? ValueOf(ParameterDescriptor property, object instance) => property switch
    {
        PageBoundPropertyDescriptor bound => bound.Property.GetValue(instance),
        ControllerBoundPropertyDescriptor bound => bound.PropertyInfo.GetValue(instance),
        _ => null,
    };

    internal static bool IsNamed(ParameterDescriptor parameter, string name) =>
        string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(parameter.BindingInfo?.BinderModelName, name, StringComparison.OrdinalIgnoreCase);
}
