using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Operations;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>What one does at a shared address refuses nobody else there.</summary>
public class ColleaguesTests
{
    private const string Clinic = "192.0.2.10";

    [Fact]
    public async Task A_guesser_behind_a_clinic_is_stopped_and_no_colleague_is_refused()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        await EveryoneReadsAsync(portal, 1);
        for (var guess = 0; guess < 100; guess++)
            await portal.GetAsync($"/members/{30_000 + guess}", Clinic);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1", Clinic)).StatusCode);
        await EveryoneReadsAsync(portal, 2);
        portal.Time.Advance(TimeSpan.FromMinutes(5));
        await EveryoneReadsAsync(portal, 3);
        Assert.Equal(BlockReach.Strangers, Assert.Single(portal.Services.GetRequiredService<BlockList>().Active()).Reach);
    }

    [Fact]
    public async Task An_anonymous_scraper_behind_a_clinic_is_stopped_and_no_colleague_is_refused()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        await EveryoneReadsAsync(portal, 1);
        for (var record = 1000; record < 1400; record++)
            await portal.GetAsync($"/members/{record}", Clinic);
        await EveryoneReadsAsync(portal, 2);
    }

    [Fact]
    public async Task A_limit_of_one_kind_refuses_no_view_of_another()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["documents"] = new LimitOptions
            {
                Per = SubjectType.Address,
                Count = CountOf.Misses,
                Window = TimeSpan.FromMinutes(10),
                Max = 3,
                Kind = "document",
                Verdict = Verdict.Block,
            },
            app => app.MapGet("/documents/{id}", () => Results.NotFound()).RequireScrapeGuard("document", record: "id"));
        for (var guess = 0; guess < 3; guess++)
            await portal.GetAsync($"/documents/{guess}");
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/documents/9")).StatusCode);
    }

    [Fact]
    public async Task An_unblock_forgets_the_evidence_and_not_the_colleagues()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        await EveryoneReadsAsync(portal, 1);
        await ScrapeAsync(portal, 1000);
        var blocks = portal.Services.GetRequiredService<BlockList>();
        Assert.True(await portal.Services.GetRequiredService<Operator>().UnblockAsync(blocks.Active()[0].Id));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/2", Clinic)).StatusCode);
        portal.Time.Advance(TimeSpan.FromMinutes(15));
        await ScrapeAsync(portal, 2000);
        Assert.Equal(BlockReach.Strangers, Assert.Single(blocks.Active()).Reach);
        await EveryoneReadsAsync(portal, 3);
    }

    [Fact]
    public async Task A_session_that_stepped_up_is_charged_to_no_address()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options =>
            {
                options.StepUp.Path = "/confirm";
                options.Limits["session-10min"].Max = 5;
                options.Limits["address-10min"].Max = 8;
            },
            app => app.MapGet("/confirm", async (HttpContext context) => $"{await context.CompleteScrapeGuardStepUpAsync("test")}"));
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        for (var record = 2; record <= 6; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", cookie: cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/members/7", cookie: cookie)).StatusCode);
        await portal.GetAsync("/confirm", cookie: cookie);
        for (var record = 7; record <= 26; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", cookie: cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/members/27", cookie: cookie)).StatusCode);
    }

    [Fact]
    public async Task A_step_up_of_an_account_covers_the_session_it_is_made_in()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options =>
            {
                options.StepUp.Path = "/confirm";
                options.Limits["session-10min"].Max = 5;
                options.Limits["account-10min"].Max = 5;
            },
            app => app.MapGet("/confirm", async (HttpContext context) => $"{await context.CompleteScrapeGuardStepUpAsync("test")}"));
        var cookie = (await portal.GetAsync("/members/1", user: "ann")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        for (var record = 2; record <= 6; record++)
            await portal.GetAsync($"/members/{record}", user: "ann", cookie: cookie);
        await portal.GetAsync("/confirm", user: "ann", cookie: cookie);
        for (var record = 7; record <= 20; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", user: "ann", cookie: cookie)).StatusCode);
    }

    private static async Task ScrapeAsync(PortalUnderTest portal, int first)
    {
        for (var record = first; record < first + 400 && portal.Services.GetRequiredService<BlockList>().Active().Count == 0; record++)
            await portal.GetAsync($"/members/{record}", Clinic);
    }

    private static async Task EveryoneReadsAsync(PortalUnderTest portal, int record)
    {
        for (var colleague = 0; colleague < 25; colleague++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", Clinic, user: $"colleague{colleague}")).StatusCode);
    }
}
