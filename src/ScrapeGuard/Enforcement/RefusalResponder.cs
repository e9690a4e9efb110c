using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Enforcement;

/// <summary>What a refused client is told: that, until when, and what to tell the help desk; never a threshold.</summary>
internal static class RefusalResponder
{
    public static Task AnswerAsync(HttpContext context, Settings settings, Refusal refusal, GuardClock clock)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (refusal.Verdict == Verdict.StepUp)
            return AnswerStepUpAsync(context, settings.Options.StepUp.Path!, refusal);

        response.StatusCode = settings.Options.Blocks.StatusCode;
        var seconds = Math.Max(1, (refusal.Until - clock.Now + 999) / 1000);
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, "Too many records", "This access is paused because more records were opened than this work usually needs.", refusal.Reference);
    }

    private static Task AnswerStepUpAsync(HttpContext context, string path, Refusal refusal)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && AcceptsHtml(request))
        {
            // A browser reads "//host" as another site, so that a link here would lead there by way of the confirmation page.
            var way = $"{request.PathBase}{request.Path}".TrimStart('/');
            var returnUrl = UrlEncoder.Default.Encode($"/{way}{request.QueryString}");
            context.Response.Redirect($"{request.PathBase}{path}{(path.Contains('?') ? '&' : '?')}returnUrl={returnUrl}");
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return WriteAsync(context, "Confirmation needed", "Please confirm in the portal that it is you before opening more records.", refusal.Reference);
    }

    private static Task WriteAsync(HttpContext context, string title, string detail, string reference)
    {
        if (HttpMethods.IsHead(context.Request.Method))
            return Task.CompletedTask;
        var status = context.Response.StatusCode;
        if (!AcceptsHtml(context.Request))
        {
            context.Response.ContentType = "application/problem+json";
            return context.Response.Body.WriteAsync(Problem(status, title, detail, reference), context.RequestAborted).AsTask();
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
            <body style="font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem">
            <h1>{title}</h1><p>{detail}</p><p>If you need help, give the help desk this reference: <strong style="white-space:nowrap">{reference}</strong></p></body></html>
            """,
            context.RequestAborted);
    }

    /// <summary>None of it but the reference is anybody's own, so nothing in it needs escaping.</summary>
    private static byte[] Problem(int status, string title, string detail, string reference) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $$"""{"title":"{{title}}","status":{{status}},"detail":"{{detail}}","reference":"{{reference}}"}"""));

    private static bool AcceptsHtml(HttpRequest request)
    {
        foreach (var value in request.Headers.Accept)
        {
            if (value?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }
}
