using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class OutcomeTests
{
    [Theory]
    [InlineData(200, 1, 1, 0)]
    [InlineData(206, 1, 1, 0)]
    [InlineData(304, 1, 1, 0)]
    [InlineData(404, 1, 0, 1)]
    [InlineData(410, 1, 0, 1)]
    [InlineData(403, 1, 0, 1)]
    [InlineData(401, 0, 0, 0)]
    [InlineData(301, 1, 0, 0)]
    [InlineData(302, 1, 0, 0)]
    [InlineData(400, 1, 0, 0)]
    [InlineData(429, 1, 0, 0)]
    [InlineData(500, 1, 0, 0)]
    [InlineData(503, 1, 0, 0)]
    public async Task A_status_says_what_became_of_the_view(int status, int views, int records, int misses)
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapGet("/status/{id}/{status:int}", (HttpContext context, int status) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = status is 301 or 302 ? "/elsewhere" : default;
        }).RequireScrapeGuard("member", record: "id"));
        Assert.Equal(status, (int)(await portal.GetAsync($"/status/1/{status}", user: "pharmacist")).StatusCode);
        Assert.Equal((views, records, misses), portal.Account("pharmacist"));
        Assert.Equal(records, portal.Displayed());
    }

    [Theory]
    [InlineData("/forbidden/1", 1, 0, 1)]
    [InlineData("/challenged/1", 0, 0, 0)]
    [InlineData("/elsewhere/1", 1, 0, 0)]
    public async Task A_redirect_of_the_cookie_handler_is_told_from_one_of_the_page(string path, int views, int records, int misses)
    {
        await using var portal = await StartWithCookiesAsync();
        var answer = await portal.GetAsync(path, user: "pharmacist");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal((views, records, misses), portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData("/closed/1", "pharmacist", "/Refus%C3%A9", 1, 1)]
    [InlineData("/closed/1", null, "/login", 0, 0)]
    public async Task What_authorization_refuses_is_a_miss_and_what_it_challenges_is_no_view(string path, string? user, string to, int views, int misses)
    {
        await using var portal = await StartWithCookiesAsync();
        var answer = await portal.GetAsync(path, user: user);
        Assert.Equal(to, answer.Headers.Location!.AbsolutePath);
        Assert.Equal((views, 0, misses), user is null ? portal.Address() : portal.Account(user));
    }

    [Fact]
    public async Task Guessing_what_one_may_not_see_is_stopped_by_its_misses()
    {
        await using var portal = await StartWithCookiesAsync();
        var misses = 0;
        while (misses < 40 && (await portal.GetAsync($"/closed/{misses}", user: "pharmacist")).StatusCode == HttpStatusCode.Redirect)
            misses++;
        Assert.Equal(20, misses);
    }

    [Fact]
    public async Task A_head_counts_a_view_and_a_miss_and_never_a_record()
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app =>
            app.MapMethods("/any/{id}", ["GET", "HEAD"], (int id) => id < 100 ? Results.Ok() : Results.NotFound()).RequireScrapeGuard("member", record: "id"));
        var shown = await portal.GetAsync("/any/1", user: "pharmacist", method: "HEAD");
        Assert.False(shown.Headers.Contains("Set-Cookie"));
        await portal.GetAsync("/any/100", user: "pharmacist", method: "HEAD");
        Assert.Equal((2, 0, 1), portal.Account("pharmacist"));
        Assert.Equal(0, portal.Displayed());
    }

    [Fact]
    public async Task Heads_past_the_views_of_an_address_are_refused_without_a_body()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["address-minute"].Max = 2,
            app => app.MapMethods("/any/{id}", ["GET", "HEAD"], (int id) => id).RequireScrapeGuard("member", record: "id"));
        await portal.GetAsync("/any/1", method: "HEAD");
        await portal.GetAsync("/any/1", method: "HEAD");
        var refused = await portal.GetAsync("/any/1", method: "HEAD");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Empty(await refused.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(ScrapeGuardMode.Enforce, HttpStatusCode.NoContent, "")]
    [InlineData(ScrapeGuardMode.Observe, HttpStatusCode.OK, "1")]
    public async Task Options_count_nowhere_and_show_no_record(ScrapeGuardMode mode, HttpStatusCode status, string body)
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Mode = mode,
            app => app.Map("/any/{id}", (int id) => id).RequireScrapeGuard("member", record: "id"));
        var answer = await portal.GetAsync("/any/1", method: "OPTIONS");
        Assert.Equal((status, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(default, portal.Address());
    }

    [Fact]
    public async Task What_has_begun_is_displayed_however_long_it_runs()
    {
        var open = new TaskCompletionSource();
        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapGet("/live/{id}", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("record");
            await context.Response.Body.FlushAsync();
            await open.Task;
        }).RequireScrapeGuard("member", record: "id"));
        var views = Enumerable.Range(1, 50).Select(id => portal.GetAsync($"/live/{id}")).ToArray();
        for (var tries = 0; portal.Address().Records < 50 && tries < 500; tries++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        var next = await portal.GetAsync("/members/51");
        open.SetResult();
        await Task.WhenAll(views);
        Assert.Equal(HttpStatusCode.TooManyRequests, next.StatusCode);
    }

    [Theory]
    [InlineData("iframe", "navigate", HttpStatusCode.Forbidden)]
    [InlineData("object", "navigate", HttpStatusCode.Forbidden)]
    [InlineData("empty", "cors", HttpStatusCode.Forbidden)]
    [InlineData("document", "navigate", HttpStatusCode.OK)]
    public async Task What_another_site_embeds_or_fetches_charges_nobody(string destination, string fetch, HttpStatusCode status)
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var answer = await portal.GetWithAsync("/members/1", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", fetch), ("Sec-Fetch-Dest", destination));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? 1 : 0, portal.Address().Records);
    }

    [Fact]
    public async Task A_portal_with_cors_answers_other_sites_and_counts_them()
    {
        await using var portal = await PortalUnderTest.StartAsync(build: builder => builder.Services.AddCors());
        var answer = await portal.GetWithAsync("/members/1", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, portal.Address().Records);
    }

    [Fact]
    public async Task A_session_issued_by_a_response_without_a_body_is_charged_like_any_other()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            map: app => app.MapGet("/empty/{id}", () => Results.Ok()).RequireScrapeGuard("member", record: "id"));
        var answer = await portal.GetAsync("/empty/1");
        Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal((2, 1, 0), portal.Address());
    }

    [Theory]
    [InlineData(ScrapeGuardMode.Enforce, "Sec-Purpose", "prefetch", HttpStatusCode.ServiceUnavailable)]
    [InlineData(ScrapeGuardMode.Enforce, "Sec-Purpose", "prefetch;prerender", HttpStatusCode.ServiceUnavailable)]
    [InlineData(ScrapeGuardMode.Enforce, "Purpose", "prefetch", HttpStatusCode.ServiceUnavailable)]
    [InlineData(ScrapeGuardMode.Enforce, "X-Purpose", "preview", HttpStatusCode.ServiceUnavailable)]
    [InlineData(ScrapeGuardMode.Enforce, "X-Moz", "prefetch", HttpStatusCode.ServiceUnavailable)]
    [InlineData(ScrapeGuardMode.Enforce, "Purpose", "treatment", HttpStatusCode.OK)]
    [InlineData(ScrapeGuardMode.Observe, "Sec-Purpose", "prefetch", HttpStatusCode.OK)]
    [InlineData(ScrapeGuardMode.Observe, "X-Moz", "prefetch", HttpStatusCode.OK)]
    public async Task A_prefetch_is_not_answered_and_in_observe_passes_and_counts(ScrapeGuardMode mode, string header, string purpose, HttpStatusCode status)
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Mode = mode);
        Assert.Equal(status, (await portal.GetWithAsync("/members/1", (header, purpose), ("User", "pharmacist"))).StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? (1, 1, 0) : default, portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData(ScrapeGuardMode.Enforce, "cross-site", "no-cors", HttpStatusCode.Forbidden)]
    [InlineData(ScrapeGuardMode.Observe, "cross-site", "no-cors", HttpStatusCode.OK)]
    [InlineData(ScrapeGuardMode.Enforce, "cross-site", "navigate", HttpStatusCode.OK)]
    [InlineData(ScrapeGuardMode.Enforce, "same-origin", "no-cors", HttpStatusCode.OK)]
    public async Task An_embedding_on_another_site_is_not_answered_and_in_observe_passes_and_counts(
        ScrapeGuardMode mode, string site, string fetch, HttpStatusCode status)
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Mode = mode);
        var answer = await portal.GetWithAsync("/members/1", ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", fetch), ("User", "pharmacist"));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? (1, 1, 0) : default, portal.Account("pharmacist"));
    }

    [Fact]
    public async Task A_page_re_executed_for_its_status_counts_once()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            map: app => app.MapGet("/error/{status}", (int status) => $"error {status}").RequireScrapeGuard("error", record: "status"),
            before: app => app.UseStatusCodePagesWithReExecute("/error/{0}"));
        var answer = await portal.GetAsync("/members/30000", user: "pharmacist");
        Assert.Equal("error 404", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((1, 0, 1), portal.Account("pharmacist"));
    }

    /// <summary>What the portal makes of the status further out does not change what the page was.</summary>
    [Theory]
    [InlineData("/members/30000")]
    [InlineData("/late/30000")]
    public async Task A_miss_that_is_sent_to_another_page_is_a_miss(string path)
    {
        await using var portal = await PortalUnderTest.StartAsync(
            map: app => app.MapGet("/late/{id}", async (HttpContext context) =>
            {
                await Task.Yield();
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }).RequireScrapeGuard("member", record: "id"),
            before: app => app.UseStatusCodePagesWithRedirects("/error/{0}"));
        Assert.Equal(HttpStatusCode.Redirect, (await portal.GetAsync(path, user: "pharmacist")).StatusCode);
        Assert.Equal((1, 0, 1), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task A_page_re_executed_for_its_exception_counts_once_and_shows_nothing()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            map: app =>
            {
                app.MapGet("/failing/{id}", (int id) => id == 0 ? "none" : throw new InvalidOperationException("failed")).RequireScrapeGuard("member", record: "id");
                app.MapGet("/failed", () => "sorry").RequireScrapeGuard("error");
            },
            before: app => app.UseExceptionHandler("/failed"));
        var answer = await portal.GetAsync("/failing/1", user: "pharmacist");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("sorry", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((1, 0, 0), portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData("/left-late/1", 1)]
    [InlineData("/left-early/1", 0)]
    public async Task A_client_that_went_away_after_the_response_began_was_shown_the_record(string path, int records)
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app =>
        {
            app.MapGet("/left-late/{id}", async context =>
            {
                await context.Response.WriteAsync("half of the member", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                throw new OperationCanceledException("The client went away.");
            }).RequireScrapeGuard("member", record: "id");
            app.MapGet("/left-early/{id}", _ => throw new OperationCanceledException("The client went away.")).RequireScrapeGuard("member", record: "id");
        });
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            var answer = await portal.GetAsync(path, user: "pharmacist");
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        });
        Assert.Equal((1, records, 0), portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData("/members/1", "no-store")]
    [InlineData("/own/1", "max-age=5, private")]
    public async Task A_displayed_page_is_not_stored_unless_it_says_otherwise(string path, string expected)
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapGet("/own/{id}", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "max-age=5, private";
            return "own";
        }).RequireScrapeGuard("member", record: "id"));
        Assert.Equal(expected, string.Join(", ", (await portal.GetAsync(path)).Headers.GetValues("Cache-Control")));
        Assert.Null((await portal.GetAsync("/free")).Headers.CacheControl);
    }

    private static Task<PortalUnderTest> StartWithCookiesAsync() => PortalUnderTest.StartAsync(
        map: app =>
        {
            app.UseAuthorization();
            app.MapGet("/forbidden/{id}", context => context.ForbidAsync()).RequireScrapeGuard("member", record: "id");
            app.MapGet("/challenged/{id}", context => context.ChallengeAsync()).RequireScrapeGuard("member", record: "id");
            app.MapGet("/elsewhere/{id}", (HttpContext context) => context.Response.Redirect("/welcome")).RequireScrapeGuard("member", record: "id");
            app.MapGet("/closed/{id}", () => "closed").RequireScrapeGuard("member", record: "id")
                .RequireAuthorization(policy => policy.RequireClaim(ClaimTypes.Role, "director"));
        },
        build: builder =>
        {
            builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
            {
                cookie.LoginPath = "/login";
                cookie.AccessDeniedPath = "/Refusé";
            });
            builder.Services.AddAuthorization();
        });
}
