using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;

namespace ScrapeGuard.Tests.Capture;

/// <summary>Answers in place of the action, before its arguments are bound: what a cache does.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShownBeforeAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context) =>
        context.Result = new ContentResult { Content = $"{context.HttpContext.GetRouteValue("memberId")}" };

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
