using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class StepUpTests
{
    private const string Html = "text/html,application/xhtml+xml";

    [Fact]
    public async Task A_browser_is_sent_to_the_confirmation_page_with_the_way_back()
    {
        await using var portal = await StartAsync();
        await ShowAsync(portal, 1, 5);
        var answer = await portal.GetAsync("/members/6?tab=a%20b", user: "pharmacist", accept: Html);
        Assert.Equal((HttpStatusCode.Redirect, "no-store"), (answer.StatusCode, answer.Headers.CacheControl!.ToString()));
        Assert.Equal("/confirm?returnUrl=%2Fmembers%2F6%3Ftab%3Da%2520b", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("GET", "application/json")]
    [InlineData("GET", null)]
    [InlineData("POST", Html)]
    public async Task Any_other_client_is_told_what_is_needed(string method, string? accept)
    {
        await using var portal = await StartAsync();
        await ShowAsync(portal, 1, 5);
        var answer = await portal.GetAsync("/post/6", user: "pharmacist", accept: accept, method: method);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (accept == Html)
        {
            Assert.Contains("Confirmation needed", body, StringComparison.Ordinal);
            return;
        }

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal((403, true), (problem.GetProperty("status").GetInt32(), problem.TryGetProperty("reference", out _)));
        Assert.DoesNotContain("5", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//elsewhere.example/6")]
    [InlineData("/%5Celsewhere.example/6")]
    [InlineData("///elsewhere.example/6")]
    public async Task The_way_back_is_always_a_path_of_this_portal(string path)
    {
        await using var portal = await StartAsync();
        await ShowAsync(portal, 1, 5);
        var context = await portal.Server.SendAsync(context =>
        {
            context.Request.Method = "GET";
            context.Request.Path = Uri.UnescapeDataString(path);
            context.Request.Headers["User"] = "pharmacist";
            context.Request.Headers.Accept = Html;
        }, TestContext.Current.CancellationToken);
        Assert.Equal(302, context.Response.StatusCode);
        var way = Uri.UnescapeDataString(context.Response.Headers.Location.ToString().Split("returnUrl=")[1]);
        Assert.True(way is ['/', not ('/' or '\\'), ..] or "/", way);
    }

    [Fact]
    public async Task A_path_below_the_portals_base_stays_there()
    {
        await using var portal = await StartAsync(before: app => app.UsePathBase("/portal"));
        await ShowAsync(portal, 1, 5);
        var answer = await portal.GetAsync("/portal/members/6", user: "pharmacist", accept: Html);
        Assert.Equal("/portal/confirm?returnUrl=%2Fportal%2Fmembers%2F6", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_completed_step_up_admits_its_allowance_and_charges_no_address()
    {
        await using var portal = await StartAsync();
        await ShowAsync(portal, 1, 5);
        var before = portal.Address();
        Assert.Equal("True", await ConfirmAsync(portal));
        await ShowAsync(portal, 6, 8);
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/members/9", user: "pharmacist")).StatusCode);
        Assert.Equal(before, portal.Address());
    }

    [Fact]
    public async Task An_allowance_ends_with_its_lifetime()
    {
        await using var portal = await StartAsync();
        await ShowAsync(portal, 1, 5);
        await ConfirmAsync(portal);
        await ShowAsync(portal, 6, 6);
        portal.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/members/7", user: "pharmacist")).StatusCode);
        portal.Time.Advance(TimeSpan.FromMinutes(7));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/7", user: "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task Guesses_use_the_allowance_and_revisits_do_not()
    {
        await using var portal = await StartAsync();
        await ShowAsync(portal, 1, 5);
        await ConfirmAsync(portal);
        await ShowAsync(portal, 6, 6);
        for (var visit = 0; visit < 5; visit++)
            await ShowAsync(portal, 1, 6);
        Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync("/members/30001", user: "pharmacist")).StatusCode);
        await ShowAsync(portal, 7, 7);
        Assert.NotEqual(HttpStatusCode.NotFound, (await portal.GetAsync("/members/30002", user: "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task After_the_last_step_up_of_the_day_the_account_is_blocked()
    {
        await using var portal = await StartAsync(options => options.StepUp.MaxPerDay = 2);
        await ShowAsync(portal, 1, 5);
        Assert.Equal("True", await ConfirmAsync(portal));
        await ShowAsync(portal, 6, 8);
        Assert.Equal("True", await ConfirmAsync(portal));
        await ShowAsync(portal, 9, 11);
        Assert.Equal("False", await ConfirmAsync(portal));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/12", user: "pharmacist", accept: Html)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1", from: "198.51.100.1", user: "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task Without_a_path_a_step_up_is_a_block()
    {
        await using var portal = await StartAsync(options => options.StepUp.Path = null);
        await ShowAsync(portal, 1, 5);
        var answer = await portal.GetAsync("/members/6", user: "pharmacist", accept: Html);
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (answer.StatusCode, answer.Headers.RetryAfter?.Delta > TimeSpan.Zero));
    }

    [Fact]
    public async Task A_limit_on_an_address_that_says_step_up_blocks()
    {
        await using var portal = await StartAsync(options => options.Limits["address-10min"].Verdict = Verdict.StepUp);
        for (var record = 1; record <= 50; record++)
            await portal.GetAsync($"/members/{record}");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/51", accept: Html)).StatusCode);
    }

    [Fact]
    public async Task A_session_without_an_account_may_step_up_and_a_request_with_neither_may_not()
    {
        await using var portal = await StartAsync(options => options.Limits["session-10min"].Max = 2);
        Assert.Equal("False", await TextAsync(await portal.GetAsync("/confirm")));
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await portal.GetAsync("/members/2", cookie: cookie);
        await portal.GetAsync("/members/3", cookie: cookie);
        Assert.Equal(HttpStatusCode.Redirect, (await portal.GetAsync("/members/4", cookie: cookie, accept: Html)).StatusCode);
        Assert.Equal("True", await TextAsync(await portal.GetAsync("/confirm", cookie: cookie)));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/4", cookie: cookie)).StatusCode);
    }

    [Fact]
    public async Task A_list_that_asks_for_a_step_up_is_no_miss()
    {
        await using var portal = await StartAsync(map: app => app.MapGet("/list", async (HttpContext context) =>
        {
            var assessment = await context.CountRecordsAsync("member", ["11", "12", "13"]);
            return assessment.IsRefused ? assessment.ToResult() : Results.Text("list");
        }).RequireScrapeGuard("member"));
        await ShowAsync(portal, 1, 5);
        var before = portal.Account("pharmacist");
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/list", user: "pharmacist")).StatusCode);
        Assert.Equal(before, portal.Account("pharmacist"));
    }

    [Fact]
    public async Task A_step_up_lifts_no_block_and_is_not_used_up_by_trying()
    {
        await using var portal = await StartAsync(options => (options.Limits["account-10min"].Verdict, options.StepUp.MaxPerDay) = (Verdict.Block, 1));
        await ShowAsync(portal, 1, 5);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/6", user: "pharmacist")).StatusCode);
        Assert.Equal("False", await ConfirmAsync(portal));
        portal.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("True", await ConfirmAsync(portal));
    }

    [Fact]
    public async Task An_account_whose_step_ups_are_used_up_gets_a_session_no_more_either()
    {
        await using var portal = await StartAsync(options => (options.StepUp.MaxPerDay, options.Limits["session-10min"].Max) = (1, 2));
        Assert.Equal("True", await ConfirmAsync(portal));
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Equal("False", await TextAsync(await portal.GetAsync("/confirm", user: "pharmacist", cookie: cookie)));
        for (var record = 2; record <= 6; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", cookie: cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/7", cookie: cookie)).StatusCode);
    }

    [Fact]
    public async Task A_session_whose_step_ups_are_used_up_is_charged_to_its_address()
    {
        await using var portal = await StartAsync(options =>
        {
            (options.StepUp.MaxPerDay, options.StepUp.Allowance) = (1, 1);
            options.Signals.Pace.Verdict = options.Signals.AddressPace.Verdict = SignalVerdict.Block;
        });
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Equal("True", await TextAsync(await portal.GetAsync("/confirm", cookie: cookie)));
        var shown = 0;
        for (var record = 0; record < 400; record++)
        {
            // Ten an hour are below every score of a session; those of the address add up.
            portal.Time.Advance(TimeSpan.FromSeconds(record < 35 ? 1 : 21));
            shown += (await portal.GetAsync($"/members/{1000 + (10 * record)}", cookie: cookie)).StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.InRange(shown, 20, 90);
    }

    private static Task<PortalUnderTest> StartAsync(
        Action<ScrapeGuardOptions>? configure = null, Action<WebApplication>? map = null, Action<WebApplication>? before = null) => PortalUnderTest.StartAsync(
        options =>
        {
            options.Limits["account-10min"].Max = 5;
            options.StepUp.Path = "/confirm";
            options.StepUp.Allowance = 3;
            options.StepUp.Lifetime = TimeSpan.FromMinutes(5);
            configure?.Invoke(options);
        },
        app =>
        {
            app.MapGet("/confirm", async (HttpContext context) => $"{await context.CompleteScrapeGuardStepUpAsync("counting the stock")}");
            app.MapMethods("/post/{memberId}", ["GET", "POST"], (int memberId) => memberId).RequireScrapeGuard("member", record: "memberId");
            app.MapGet("/{**memberId}", () => "any").RequireScrapeGuard("member", record: "memberId");
            map?.Invoke(app);
        },
        before: before);

    private static async Task ShowAsync(PortalUnderTest portal, int first, int last)
    {
        for (var record = first; record <= last; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", user: "pharmacist")).StatusCode);
    }

    private static async Task<string> ConfirmAsync(PortalUnderTest portal) => await TextAsync(await portal.GetAsync("/confirm", user: "pharmacist"));

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
