using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Operations;

namespace ScrapeGuard;

/// <summary>Maps the routes for operators.</summary>
public static class ScrapeGuardEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>api/summary</c>, <c>api/blocks</c> and <c>api/subjects</c>. Put authorization on the result; without it the routes answer loopback in
    /// Development and 404 elsewhere.
    /// </summary>
    /// <param name="endpoints">The portal's endpoints.</param>
    /// <param name="path">The path under which the routes stand, such as <c>/scrapeguard</c>.</param>
    /// <returns>The group of routes.</returns>
    public static RouteGroupBuilder MapScrapeGuardDashboard(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string path)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var group = endpoints.MapGroup(path);
        group.WithMetadata(Capture.NoDisplayPage.Instance);
        Map(group, "GET", "/api/summary", (context, desk) => AnswerAsync(context, desk.Summary(), DashboardJson.Default.SummaryAnswer));
        Map(group, "GET", "/api/blocks", BlocksAsync);
        Map(group, "POST", "/api/blocks", BlockAsync);
        Map(group, "DELETE", "/api/blocks/{id}", async (context, desk) =>
        {
            var isLifted = await desk.UnblockAsync((string)context.GetRouteValue("id")!);
            context.Response.StatusCode = isLifted ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        });
        Map(group, "GET", "/api/subjects", SubjectsAsync);
        return group;
    }

    private static void Map(RouteGroupBuilder group, string method, string path, Func<HttpContext, Operator, Task> handle) =>
        group.MapMethods(path, [method], context =>
        {
            if (DashboardRights.Refuse(context) is not { } status)
                return handle(context, context.RequestServices.GetRequiredService<Operator>());
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

    private static Task BlocksAsync(HttpContext context, Operator desk)
    {
        var query = new DashboardQuery(context.Request.Query);
        var (after, take) = (query.Id("after"), query.Number("take", 100, 1000));
        return query.Problem is null
            ? AnswerAsync(context, desk.Blocks(after, take), DashboardJson.Default.BlocksAnswer)
            : RefuseAsync(context, "No blocks were looked up", query.Problem);
    }

    private static async Task SubjectsAsync(HttpContext context, Operator desk)
    {
        var query = new DashboardQuery(context.Request.Query);
        var top = query.Number("top", 50, 1000);
        var address = query.Text("address", desk.IsAddress, AddressText.Allowed);
        var (account, reference) = (query.Text("account"), query.Reference("reference"));
        await (query.Problem is null
            ? AnswerAsync(context, await desk.SubjectsAsync(top, address, account, reference), DashboardJson.Default.SubjectsAnswer)
            : RefuseAsync(context, "No subjects were looked up", query.Problem));
    }

    private static async Task BlockAsync(HttpContext context, Operator desk)
    {
        string? problem;
        BlockAnswer? made = null;
        if (!context.Request.HasJsonContentType())
        {
            problem = "Send application/json.";
        }
        else
        {
            try
            {
                var request = await context.Request.ReadFromJsonAsync(DashboardJson.Default.BlockRequest, context.RequestAborted);
                problem = request is null ? "Send a block: subject, value, duration, reason, reach." : desk.Block(request, out made);
            }
            catch (JsonException malformed)
            {
                problem = $"The block does not parse at {malformed.Path ?? "its start"}. Send subject, value, duration (00:30:00), reason, reach.";
            }
        }

        if (problem is not null)
        {
            await RefuseAsync(context, "No block was made", problem);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status201Created;
        await AnswerAsync(context, made!, DashboardJson.Default.BlockAnswer);
    }

    private static Task RefuseAsync(HttpContext context, string title, string problem)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return AnswerAsync(context, new ProblemAnswer(title, StatusCodes.Status400BadRequest, problem), DashboardJson.Default.ProblemAnswer);
    }

    private static Task AnswerAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(answer, type, cancellationToken: context.RequestAborted);
    }
}
