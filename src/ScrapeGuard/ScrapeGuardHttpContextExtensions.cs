using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Capture;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Exposure;

namespace ScrapeGuard;

/// <summary>What a page asks of ScrapeGuard.</summary>
public static class ScrapeGuardHttpContextExtensions
{
    /// <summary>How the request was judged; null where it asks for no display page.</summary>
    /// <param name="context">The request.</param>
    public static ScrapeGuardAssessment? GetScrapeGuardAssessment(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return RequestFeatures.Guarded(context.Features)?.Assessment;
    }

    /// <summary>
    /// Counts the records of a page that shows several, before it is rendered. All of them are admitted, or none. More than 1,000 at once pass no limit of
    /// records, however large; in Observe the first 1,000 are counted.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">The kind of record shown.</param>
    /// <param name="ids">The ids of the records; repeats count once. Spellings of one id too, unless the display page of this kind says otherwise.</param>
    /// <returns>The assessment; where <see cref="ScrapeGuardAssessment.IsRefused"/>, return its <c>ToResult()</c> instead of the page.</returns>
    public static async ValueTask<ScrapeGuardAssessment> CountRecordsAsync(this HttpContext context, string kind, IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(ids);
        var request = RequestFeatures.Guarded(context.Features);
        var isView = request is null;
        if (request is null)
        {
            // Settled when the response is complete.
            request = await context.RequestServices.GetRequiredService<Guard>().OpenAsync(context, null);
        }

        var identity = request.IdentityOf(kind);
        string[] texts = [.. ids.Select(id => RecordText.Of(id, identity)).OfType<string>().Distinct()];
        return await request.Guard.CountListAsync(request, kind, texts, isView ? 1 : 0);
    }

    /// <summary>
    /// Grants the person who was asked to step up, and has confirmed, <see cref="StepUpOptions.Allowance"/> more records for
    /// <see cref="StepUpOptions.Lifetime"/>.
    /// </summary>
    /// <param name="context">The request of the confirmation page.</param>
    /// <param name="reason">The reason the person gave.</param>
    /// <returns>
    /// False where <see cref="StepUpOptions.MaxPerDay"/> is used up, the account or the session is blocked, or the request has neither; then nothing is
    /// granted.
    /// </returns>
    public static ValueTask<bool> CompleteScrapeGuardStepUpAsync(this HttpContext context, string reason)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return context.RequestServices.GetRequiredService<StepUps>().CompleteAsync(context);
    }
}
