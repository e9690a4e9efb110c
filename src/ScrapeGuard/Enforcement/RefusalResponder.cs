using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Enforcement;

/// <summary>What a refused client is told: that, until when, and what to tell the help desk; never a threshold.</summary>
internal static class RefusalResponder
{
    /// <summary>More than the longest of the texts below.</summary>
    private const int MostBytes = 1024;

    private const string Style = "font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem";

    public static Task AnswerAsync(HttpContext context, Settings settings, Refusal refusal, GuardClock clock)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (refusal.IsLed)
            return AnswerLedAsync(context);
        if (refusal.Verdict == Verdict.StepUp)
            return AnswerStepUpAsync(context, settings.Options.StepUp.Path!, refusal);

        response.StatusCode = settings.Options.Blocks.StatusCode;
        response.Headers.RetryAfter = RetryAfter.Text((refusal.Until - clock.Uncorrected + 999) / 1000);
        return WriteAsync(context, "Too many records", "This access is paused because more records were opened than this work usually needs.", refusal.Reference);
    }

    private static Task AnswerStepUpAsync(HttpContext context, string path, Refusal refusal)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && AcceptsHtml(request))
        {
            var returnUrl = UrlEncoder.Default.Encode(WayTo(request));
            context.Response.Redirect($"{request.PathBase}{path}{(path.Contains('?') ? '&' : '?')}returnUrl={returnUrl}");
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return WriteAsync(context, "Confirmation needed", "Please confirm in the portal that it is you before opening more records.", refusal.Reference);
    }

    /// <summary>Asks the person to open the page: a click there is no other site's doing, and is counted.</summary>
    private static Task AnswerLedAsync(HttpContext context)
    {
        const string Title = "Open this record?";
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Title}</title>
            <body style="{Style}">
            <h1>{Title}</h1><p>A page of another site led here. If you want to see the record, open it yourself.</p>
            <p><a href="{HtmlEncoder.Default.Encode(WayTo(context.Request))}">Open this record</a></p></body></html>
            """);
    }

    /// <summary>The path and query of a request, as a link within the portal. A browser reads "//host" as another site.</summary>
    private static string WayTo(HttpRequest request) => $"/{$"{request.PathBase}{request.Path}".TrimStart('/')}{request.QueryString}";

    private static Task WriteAsync(HttpContext context, string title, string detail, string reference)
    {
        if (HttpMethods.IsHead(context.Request.Method))
            return Task.CompletedTask;
        var response = context.Response;
        var body = response.BodyWriter.GetSpan(MostBytes)[..MostBytes];
        if (AcceptsHtml(context.Request))
        {
            response.ContentType = "text/html; charset=utf-8";
            response.ContentLength = Page(body, title, detail, reference);
        }
        else
        {
            response.ContentType = "application/problem+json";
            response.ContentLength = Problem(body, response.StatusCode, title, detail, reference);
        }

        response.BodyWriter.Advance((int)response.ContentLength!.Value);
        var sending = response.BodyWriter.FlushAsync();
        if (!sending.IsCompletedSuccessfully)
            return sending.AsTask();
        sending.GetAwaiter().GetResult();
        return Task.CompletedTask;
    }

    private static int Page(Span<byte> body, string title, string detail, string reference)
    {
        Utf8.TryWrite(
            body,
            $"""
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
            <body style="{Style}">
            <h1>{title}</h1><p>{detail}</p><p>If you need help, give the help desk this reference: <strong style="white-space:nowrap">{reference}</strong></p></body></html>
            """,
            out var length);
        return length;
    }

    /// <summary>None of it but the reference is anybody's own, so nothing in it needs escaping.</summary>
    private static int Problem(Span<byte> body, int status, string title, string detail, string reference)
    {
        Utf8.TryWrite(
            body,
            CultureInfo.InvariantCulture,
            $$"""{"title":"{{title}}","status":{{status}},"detail":"{{detail}}","reference":"{{reference}}"}""",
            out var length);
        return length;
    }

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
