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

    [Fact]
    public async Task Accounts_that_are_blocked_keep_no_stranger_at_their_address_from_being_blocked()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Signals.Pace.Verdict = options.Signals.AddressPace.Verdict = SignalVerdict.Block);
        foreach (var account in (string[])["first", "second", "third"])
        {
            for (var record = 0; record < 40; record++)
                await portal.GetAsync($"/members/{1000 + (10 * record)}", Clinic, user: account);
        }

        var blocks = portal.Services.GetRequiredService<BlockList>();
        Assert.Equal(3, blocks.Active().Count(block => block.Subject == SubjectType.Account));
        var shown = 0;
        while (shown < 100 && (await portal.GetAsync($"/members/{5000 + (10 * shown)}", Clinic)).StatusCode == HttpStatusCode.OK)
            shown++;
        Assert.InRange(shown, 28, 30);
        Assert.Equal(BlockReach.Everyone, Assert.Single(blocks.Active(), block => block.Subject == SubjectType.Address).Reach);
    }

    [Fact]
    public async Task An_account_that_is_let_through_again_is_in_good_standing_again()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Signals.Pace.Verdict = SignalVerdict.Block);
        for (var record = 0; record < 40; record++)
            await portal.GetAsync($"/members/{1000 + (10 * record)}", Clinic, user: "pharmacist");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1", Clinic, user: "pharmacist")).StatusCode);
        portal.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1", Clinic, user: "pharmacist")).StatusCode);
        await ScrapeAsync(portal, 5000);
        Assert.Equal(BlockReach.Strangers, Assert.Single(portal.Services.GetRequiredService<BlockList>().Active(), block => block.Subject == SubjectType.Address).Reach);
    }

    [Fact]
    public async Task A_guest_who_is_blocked_for_pace_takes_no_busy_colleague_along()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Signals.Pace.Verdict = options.Signals.AddressPace.Verdict = SignalVerdict.Block);
        await EveryoneReadsAsync(portal, 1);
        for (var record = 0; record < 20; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{1000 + (10 * record)}", Clinic, user: "colleague1")).StatusCode);
        await ScrapeAsync(portal, 5000);
        Assert.Equal("AddressPace", Assert.Single(portal.Services.GetRequiredService<BlockList>().Active()).Cause);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1", Clinic)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/3000", Clinic, user: "colleague1")).StatusCode);
    }

    [Fact]
    public async Task A_guest_who_is_blocked_on_a_Sunday_locks_nobody_out_on_Monday()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        await EveryoneReadsAsync(portal, 1);
        portal.Time.Advance(TimeSpan.FromDays(2.5));
        await ScrapeAsync(portal, 1000);
        Assert.Equal(BlockReach.Strangers, Assert.Single(portal.Services.GetRequiredService<BlockList>().Active()).Reach);
        await EveryoneReadsAsync(portal, 2);
    }

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 15)]
    public async Task The_only_warned_account_at_an_address_is_charged_to_itself_alone(bool isAnotherWarned, int shown)
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
            (options.StepUp.Path, options.Limits["account-10min"].Max, options.Limits["address-10min"].Max) = ("/confirm", 20, 5));
        for (var record = 0; record < (isAnotherWarned ? 11 : 1); record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{5000 + record}", Clinic, user: "colleague")).StatusCode);
        var taken = 0;
        while ((await portal.GetAsync($"/members/{1000 + taken}", Clinic, user: "pharmacist")).StatusCode == HttpStatusCode.OK)
            taken++;
        Assert.Equal(shown, taken);
    }

    [Fact]
    public async Task An_unblock_lets_nobody_take_more_than_twice_a_limit_at_once()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        await ScrapeAsync(portal, 1000);
        var blocks = portal.Services.GetRequiredService<BlockList>();
        Assert.True(await portal.Services.GetRequiredService<Operator>().UnblockAsync(blocks.Active()[0].Id));
        var shown = 0;
        while (shown < 400 && (await portal.GetAsync($"/members/{3000 + shown}", Clinic)).StatusCode == HttpStatusCode.OK)
            shown++;
        Assert.Equal(100, shown);
    }

    [Fact]
    public async Task What_is_shown_in_spite_of_a_verdict_is_in_the_raw_counts_of_the_address()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => (options.Mode, options.Limits["account-10min"].Max) = (ScrapeGuardMode.Observe, 10));
        for (var record = 1; record <= 50; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", Clinic, user: "pharmacist")).StatusCode);
        var address = Assert.Single(portal.Services.GetRequiredService<Operator>().Subjects(1, Clinic, null, null).Items);
        Assert.Equal((50, 50, 0), (address.RawViews, address.RawRecords, address.Records));
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
