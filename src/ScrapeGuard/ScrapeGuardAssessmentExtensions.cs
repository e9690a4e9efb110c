using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using ScrapeGuard.Capture;
using ScrapeGuard.Enforcement;

namespace ScrapeGuard;

/// <summary>Turns a refusal into the answer of a page.</summary>
public static class ScrapeGuardAssessmentExtensions
{
    /// <summary>The answer of a minimal API to a refused view.</summary>
    /// <param name="assessment">A refused assessment.</param>
    public static IResult ToResult(this ScrapeGuardAssessment assessment) => new RefusedResult();

    /// <summary>The answer of an action or a Razor Page to a refused view.</summary>
    /// <param name="assessment">A refused assessment.</param>
    public static IActionResult ToActionResult(this ScrapeGuardAssessment assessment) => new RefusedResult();

    private sealed class RefusedResult : IResult, IActionResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var request = RequestFeatures.Guarded(httpContext.Features);
            return request?.Refusal is { } refusal
                ? RefusalResponder.AnswerAsync(httpContext, request.Settings, refusal, request.Guard.Clock)
                : throw new InvalidOperationException("ToResult answers a refused view only: ask IsRefused first.");
        }

        public Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);
    }
}
