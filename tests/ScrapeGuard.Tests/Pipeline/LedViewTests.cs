using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ScrapeGuard.Operations;
using ScrapeGuard.Telemetry;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>Views to which a page of another site leads a browser, as it says itself.</summary>
public class LedViewTests
{
    private static readonly (string Name, string Value)[] Led = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];

    [Theory]
    [InlineData("pharmacist", null, 500)]
    [InlineData("pharmacist", "/confirm", 500)]
    [InlineData("pharmacist", null, 30_000)]
    [InlineData("pharmacist", "/confirm", 30_000)]
    [InlineData(null, null, 500)]
    [InlineData(null, null, 30_000)]
    public async Task Another_site_gets_nobody_blocked_or_asked_whatever_it_leads_to(string? user, string? stepUp, int first)
    {
        await using var portal = await StartWithSignalsAsync(options => options.StepUp.Path = stepUp);
        for (var record = first; record < first + 60; record++)
            await LeadAsync(portal, $"/members/{record}", user);
        Assert.Empty(Blocks(portal));
        for (var own = 1; own <= 3; own++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{own * 1000}", user: user, accept: "text/html")).StatusCode);
    }

    [Theory]
    [InlineData("pharmacist")]
    [InlineData(null)]
    public async Task Another_site_that_does_not_wait_for_pages_gets_nobody_blocked_either(string? user)
    {
        var open = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        await using var portal = await StartWithSignalsAsync(map: app => app.MapGet("/slow/{id}", async () =>
        {
            entered.SetResult();
            await open.Task;
            return Results.NotFound();
        }).RequireScrapeGuard("member", record: "id"));
        var views = new List<Task<HttpResponseMessage>>();
        for (var view = 0; view < 60; view++)
        {
            entered = new TaskCompletionSource();
            views.Add(LeadAsync(portal, $"/slow/{30_000 + (view % 2)}", user));
            await Task.WhenAny(views[^1], entered.Task);
        }

        open.SetResult();
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.Forbidden], (await Task.WhenAll(views)).Select(answer => answer.StatusCode).Distinct());
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1000", user: user)).StatusCode);
        Assert.Empty(Blocks(portal));
    }

    [Fact]
    public async Task A_bot_that_says_so_of_every_view_is_shown_half_of_a_limit()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        for (var record = 1; record <= 100; record++)
            Assert.Equal(record <= 30 ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await LeadAsync(portal, $"/members/{record}", "bot")).StatusCode);
        for (var record = 1; record <= 100; record++)
            await LeadAsync(portal, $"/members/{record + 1000}");
        Assert.Equal((30, 30 + 25), (portal.Account("bot").Records, portal.Displayed()));
        Assert.Equal(30, portal.Account("bot").Views);
    }

    [Fact]
    public async Task A_bot_that_goes_on_saying_so_gets_no_more_than_one_that_does_not()
    {
        await using var portal = await StartWithSignalsAsync(options => options.StepUp.Path = "/confirm");
        for (var view = 0; view < 8 * 360; view++)
        {
            await LeadAsync(portal, $"/members/{1 + (view * 7)}", "bot");
            portal.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.InRange(portal.Displayed(), 100, 250);
    }

    [Fact]
    public async Task The_page_shown_instead_leads_to_the_same_record_and_a_click_there_is_judged_as_ever()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["account-10min"].Max = 4);
        for (var record = 1; record <= 2; record++)
            Assert.Equal(HttpStatusCode.OK, (await LeadAsync(portal, $"/members/{record}", "pharmacist")).StatusCode);
        var answer = await LeadAsync(portal, "/members/3?tab=%22a%22&x=<b>", "pharmacist");
        Assert.Equal((HttpStatusCode.Forbidden, "no-store", "text/html"), (answer.StatusCode, answer.Headers.CacheControl!.ToString(), answer.Content.Headers.ContentType!.MediaType));
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("<a href=\"/members/3?tab=%22a%22&amp;x=%3Cb%3E\">Open this record</a>", body, StringComparison.Ordinal);
        Assert.DoesNotContain("member 3", body, StringComparison.Ordinal);
        foreach (var record in (int[])[3, 4])
            Assert.Equal(HttpStatusCode.OK, (await ClickAsync(portal, $"/members/{record}", "pharmacist")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await ClickAsync(portal, "/members/5", "pharmacist")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LeadAsync(portal, "/members/1", "pharmacist")).StatusCode);
    }

    [Theory]
    [InlineData("//elsewhere.example/6")]
    [InlineData("/\\elsewhere.example/6")]
    [InlineData("///elsewhere.example/\"><script>")]
    public async Task The_link_is_always_a_path_of_this_portal(string path)
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["address-10min"].Max = 1, app => app.MapGet("/{**memberId}", () => "any").RequireScrapeGuard("member", record: "memberId"));
        var context = await portal.Server.SendAsync(context =>
        {
            (context.Request.Method, context.Request.Path) = ("GET", path);
            context.Request.Headers.From = PortalUnderTest.Client;
            foreach (var (name, value) in Led)
                context.Request.Headers[name] = value;
        }, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(context.Response.Body);
        var body = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var link = body.Split("href=\"")[1].Split('"')[0];
        Assert.True(link is ['/', not ('/' or '\\'), ..], link);
        Assert.DoesNotContain("<script>", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_shown_is_in_no_figure_of_views_or_refusals()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["account-10min"].Max = 4);
        var meters = portal.Services.GetRequiredService<IMeterFactory>();
        using var views = new MetricCollector<long>(meters, GuardMetrics.MeterName, "scrapeguard.page_views");
        using var blocked = new MetricCollector<long>(meters, GuardMetrics.MeterName, "scrapeguard.requests.blocked");
        for (var record = 1; record <= 10; record++)
            await LeadAsync(portal, $"/members/{record}", "pharmacist");
        Assert.Equal((2, 0), (views.GetMeasurementSnapshot().Count, blocked.GetMeasurementSnapshot().Count));
        Assert.Equal((2, 2, 0), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task Observe_shows_and_counts_as_ever()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => (options.Mode, options.Limits["account-10min"].Max) = (ScrapeGuardMode.Observe, 4));
        for (var record = 1; record <= 10; record++)
            Assert.Equal(HttpStatusCode.OK, (await LeadAsync(portal, $"/members/{record}", "pharmacist")).StatusCode);
        Assert.Equal(10, portal.Account("pharmacist").Records);
        Assert.Equal(ScrapeGuardMode.Observe, Assert.Single(Blocks(portal)).Mode);
    }

    [Fact]
    public async Task A_head_that_says_so_is_judged_as_ever()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["few"] = new() { Per = SubjectType.Account, Count = CountOf.Views, Window = TimeSpan.FromMinutes(1), Max = 4 },
            app => app.MapMethods("/members/{memberId}", ["HEAD"], () => Results.Ok()).RequireScrapeGuard("member", record: "memberId"));
        for (var view = 1; view <= 5; view++)
            Assert.Equal(view <= 4 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, (await LeadAsync(portal, "/members/1", "bot", "HEAD")).StatusCode);
        Assert.Single(Blocks(portal));
    }

    [Fact]
    public async Task An_allowance_is_not_for_another_site_to_use()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => (options.Limits["account-10min"].Max, options.StepUp.Path, options.StepUp.Allowance) = (4, "/confirm", 2),
            app => app.MapGet("/confirm", async (HttpContext context) => $"{await context.CompleteScrapeGuardStepUpAsync("counting the stock")}"));
        for (var record = 1; record <= 4; record++)
            await ClickAsync(portal, $"/members/{record}", "pharmacist");
        await portal.GetAsync("/confirm", user: "pharmacist");
        for (var record = 10; record <= 20; record++)
            Assert.Equal(HttpStatusCode.Forbidden, (await LeadAsync(portal, $"/members/{record}", "pharmacist")).StatusCode);
        for (var record = 5; record <= 6; record++)
            Assert.Equal(HttpStatusCode.OK, (await ClickAsync(portal, $"/members/{record}", "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task A_list_past_half_of_a_limit_is_opened_by_a_click()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["account-10min"].Max = 10,
            app =>
            {
                app.MapGet("/list/{count:int}", ListAsync);
                app.MapGet("/family/{id}", (HttpContext context, string id) => ListAsync(context, id.Length + 5)).RequireScrapeGuard("member", record: "id");
            });
        Assert.Equal(HttpStatusCode.OK, (await LeadAsync(portal, "/list/5", "pharmacist")).StatusCode);
        foreach (var path in (string[])["/list/6", "/family/1"])
        {
            var answer = await LeadAsync(portal, path, "pharmacist");
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains($"<a href=\"{path}\">", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal((1, 5, 0), portal.Account("pharmacist"));
        }

        Assert.Empty(Blocks(portal));
        Assert.Equal(HttpStatusCode.OK, (await ClickAsync(portal, "/list/6", "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task A_blocked_client_is_refused_whoever_led_there()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["account-10min"].Max = 1);
        for (var record = 1; record <= 2; record++)
            await ClickAsync(portal, $"/members/{record}", "pharmacist");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await LeadAsync(portal, "/members/1", "pharmacist")).StatusCode);
    }

    private static async Task<IResult> ListAsync(HttpContext context, int count)
    {
        var assessment = await context.CountRecordsAsync("member", Enumerable.Range(1, count).Select(id => $"{id}"));
        return assessment.IsRefused ? assessment.ToResult() : Results.Text("list");
    }

    private static IReadOnlyList<BlockAnswer> Blocks(PortalUnderTest portal) => portal.Services.GetRequiredService<Operator>().Blocks(null, 10).Items;

    private static Task<HttpResponseMessage> LeadAsync(PortalUnderTest portal, string path, string? user = null, string method = "GET") =>
        SendAsync(portal, path, user, method, Led);

    private static Task<HttpResponseMessage> ClickAsync(PortalUnderTest portal, string path, string? user) =>
        SendAsync(portal, path, user, "GET", [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate")]);

    private static Task<HttpResponseMessage> SendAsync(PortalUnderTest portal, string path, string? user, string method, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return portal.SendAsync(request, user: user, accept: "text/html");
    }

    private static Task<PortalUnderTest> StartWithSignalsAsync(Action<ScrapeGuardOptions>? configure = null, Action<WebApplication>? map = null) => PortalUnderTest.StartAsync(
        options =>
        {
            foreach (var signal in new[] { options.Signals.Pace, options.Signals.AddressPace, options.Signals.Rotation, options.Signals.Sweep })
                signal.Verdict = SignalVerdict.Block;
            configure?.Invoke(options);
        },
        map);
}
