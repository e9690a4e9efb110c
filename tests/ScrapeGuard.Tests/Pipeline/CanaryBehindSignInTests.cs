using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Operations;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>Canaries of pages that are shown to nobody who is not signed in.</summary>
public class CanaryBehindSignInTests
{
    private const int AskedFor = 50;
    private const string SignIn = "https://login.example/authorize";

    [Theory]
    [InlineData("/files/", HttpStatusCode.Unauthorized)]
    [InlineData("/files/", HttpStatusCode.Redirect)]
    [InlineData("/files/", HttpStatusCode.Redirect, SignIn)]
    [InlineData("/policed/", HttpStatusCode.Unauthorized)]
    [InlineData("/unnamed/", HttpStatusCode.Unauthorized, null, true)]
    public async Task Whoever_is_not_signed_in_is_asked_to_for_a_canary_as_for_any_record(string path, HttpStatusCode status, string? signIn = null, bool fallback = false)
    {
        await using var portal = await StartAsync(status == HttpStatusCode.Redirect ? signIn ?? "" : null, fallback);
        for (var record = 7; record <= 10; record++)
            Assert.Equal(status, (await portal.GetAsync($"{path}{record}")).StatusCode);
        Assert.Empty(Blocks(portal));
        Assert.Empty(portal.Logged(AskedFor));

        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"{path}7", user: "colleague")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync($"{path}8", user: "pharmacist")).StatusCode);
        Assert.Equal(SubjectType.Account, Assert.Single(Blocks(portal)).Subject);
        Assert.Equal(status, (await portal.GetAsync($"{path}8")).StatusCode);
    }

    [Theory]
    [InlineData("/open/", false)]
    [InlineData("/open/", true)]
    [InlineData("/unnamed/", false)]
    public async Task A_page_for_everybody_refuses_a_canary_before_it_runs(string path, bool fallback)
    {
        await using var portal = await StartAsync(fallback: fallback);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync($"{path}8")).StatusCode);
        Assert.Equal(SubjectType.Address, Assert.Single(Blocks(portal)).Subject);
        Assert.Equal(0, portal.Displayed());
    }

    [Theory]
    [InlineData("/asserted/8", HttpStatusCode.OK)]
    [InlineData("/asserted/missing", HttpStatusCode.NotFound)]
    public async Task What_a_policy_shows_to_somebody_who_is_not_signed_in_accuses_afterwards(string path, HttpStatusCode status)
    {
        await using var portal = await StartAsync();
        Assert.Equal(status, (await portal.GetAsync(path)).StatusCode);
        Assert.Equal("Canary", Assert.Single(Blocks(portal)).Cause);
        Assert.Single(portal.Logged(AskedFor));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/asserted/1")).StatusCode);
    }

    [Fact]
    public async Task A_list_behind_authorization_is_refused_before_it_is_shown()
    {
        await using var portal = await StartAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/list")).StatusCode);
        Assert.Single(Blocks(portal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(SignIn)]
    public async Task An_action_that_asks_to_sign_in_accuses_nobody(string signIn)
    {
        await using var portal = await StartAsync(signIn);
        Assert.Equal(HttpStatusCode.Redirect, (await portal.GetAsync("/mvc-signed/8")).StatusCode);
        Assert.Empty(Blocks(portal));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/mvc-signed/8", user: "pharmacist")).StatusCode);
    }

    private static IReadOnlyList<BlockAnswer> Blocks(PortalUnderTest portal) => portal.Services.GetRequiredService<Operator>().Blocks(null, 10).Items;

    /// <param name="signIn">Where a challenge leads; null for a 401, empty for the login page.</param>
    /// <param name="fallback">Whether pages that name no policy are for those who are signed in.</param>
    private static Task<PortalUnderTest> StartAsync(string? signIn = null, bool fallback = false) => PortalUnderTest.StartAsync(
        options => options.Signals.Canary.Records["file"] = ["8", "missing"],
        app =>
        {
            app.UseAuthorization();
            Map("/files/{id}").RequireAuthorization();
            Map("/policed/{id}").RequireAuthorization(policy => policy.RequireAuthenticatedUser());
            Map("/asserted/{id}").RequireAuthorization(policy => policy.RequireAssertion(_ => true));
            Map("/open/{id}").RequireAuthorization().AllowAnonymous();
            Map("/unnamed/{id}");
            app.MapGet("/list", async (HttpContext context) =>
            {
                var assessment = await context.CountRecordsAsync("file", ["7", "8"]);
                return assessment.IsRefused ? assessment.ToResult() : Results.Text("list");
            }).RequireAuthorization(policy => policy.RequireAssertion(_ => true));
            app.MapControllers();

            RouteHandlerBuilder Map(string path) =>
                app.MapGet(path, (string id) => id == "missing" ? Results.NotFound() : Results.Text(id)).RequireScrapeGuard("file", record: "id");
        },
        build: builder =>
        {
            builder.Services.AddControllers();
            builder.Services.AddAuthentication("Cookies").AddCookie("Cookies", options =>
            {
                if (signIn is { Length: 0 })
                    return;
                options.Events.OnRedirectToLogin = context =>
                {
                    if (signIn is null)
                        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    else
                        context.Response.Redirect(signIn);
                    return Task.CompletedTask;
                };
            });
            builder.Services.AddAuthorization(options => options.FallbackPolicy = fallback ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build() : null);
        });
}
