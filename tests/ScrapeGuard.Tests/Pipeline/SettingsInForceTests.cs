using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Operations;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class SettingsInForceTests
{
    [Theory]
    [InlineData("/plain/{id}", "id", "/plain/{0}")]
    [InlineData("/PLAIN/{id:int}", "ID", "/plain/{0}")]
    [InlineData("/query", "member", "/query?member={0}")]
    [InlineData("/tree/{**id}", "id", "/tree/a/b/{0}")]
    public async Task A_page_named_by_configuration_only_is_guarded(string template, string record, string path)
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Pages["page"] = new() { Path = template, Kind = "member", Record = record },
            app =>
            {
                app.MapGet("/plain/{id}", (string id) => id);
                app.MapGet("/query", (string member) => member);
                app.MapGet("/tree/{**id}", (string id) => id);
            });
        var shown = 0;
        while (shown < 60 && (await portal.GetAsync(string.Format(null, path, shown + 1))).StatusCode == HttpStatusCode.OK)
            shown++;
        Assert.Equal(50, shown);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/free")).StatusCode);
    }

    [Fact]
    public async Task A_page_named_by_configuration_without_a_record_counts_views()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Pages["free"] = new() { Path = "/free", Kind = "list" });
        await portal.GetAsync("/free", user: "pharmacist");
        Assert.Equal((1, 0, 0), portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData("/disabled/{0}")]
    [InlineData("/group/disabled/{0}")]
    [InlineData("/named/{0}")]
    public async Task An_endpoint_taken_out_is_not_guarded_whatever_else_marks_it(string path)
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options =>
            {
                options.Limits["address-10min"].Max = 1;
                options.Pages["named"] = new() { Path = "/named/{id}", Kind = "member", Record = "id" };
            },
            app =>
            {
                app.MapGet("/disabled/{id}", (int id) => id).RequireScrapeGuard("member", record: "id").DisableScrapeGuard();
                app.MapGroup("/group").RequireScrapeGuard("member", record: "id").MapGet("/disabled/{id}", (int id) => id).DisableScrapeGuard();
                app.MapGet("/named/{id}", (int id) => id).DisableScrapeGuard();
            });
        for (var record = 1; record <= 3; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync(string.Format(null, path, record))).StatusCode);
        Assert.Equal(default, portal.Address());
    }

    [Fact]
    public async Task A_limit_of_one_kind_counts_no_other()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["address-bills"] = Limit(2, kind: "bill"),
            app => app.MapGet("/bills/{id}", (int id) => id).RequireScrapeGuard("bill", record: "id"));
        for (var record = 1; record <= 10; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/bills/1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/bills/2")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/bills/3")).StatusCode);
    }

    [Fact]
    public async Task Two_kinds_with_the_same_id_are_two_records()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            map: app => app.MapGet("/bills/{id}", (int id) => id).RequireScrapeGuard("bill", record: "id"));
        await portal.GetAsync("/members/1", user: "pharmacist");
        await portal.GetAsync("/bills/1", user: "pharmacist");
        await portal.GetAsync("/bills/1", user: "pharmacist");
        Assert.Equal((3, 2, 0), portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.0/24", "203.0.113.7", true)]
    [InlineData("203.0.113.0/24", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.0/24", "203.0.114.7", false)]
    [InlineData("fe80::1", "fe80::1%3", true)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    public async Task An_exempt_address_has_no_limit_and_its_accounts_keep_theirs(string exempt, string from, bool isExempt)
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Address.Exempt.Add(exempt);
            options.Limits["address-10min"].Max = 1;
            options.Limits["account-10min"].Max = 2;
        });
        await portal.GetAsync("/members/1", from);
        Assert.Equal(isExempt ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/2", from)).StatusCode);
        if (!isExempt)
            return;
        for (var record = 1; record <= 2; record++)
            await portal.GetAsync($"/members/{record}", from, "pharmacist");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/3", from, "pharmacist")).StatusCode);
        Assert.Equal(4, portal.Displayed());
    }

    [Fact]
    public async Task An_exempt_account_has_no_limit_and_is_no_stranger_to_its_address()
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Account.Exempt.Add("monitoring");
            options.Limits["address-10min"].Max = 1;
            options.Limits["account-10min"].Max = 1;
            options.Limits["session-10min"].Max = 1;
        });
        var cookie = (await portal.GetAsync("/members/1", user: "monitoring")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        for (var record = 2; record <= 5; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", user: "monitoring", cookie: cookie)).StatusCode);
        Assert.Equal((0, 0, 0), portal.Address());
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/2")).StatusCode);
    }

    [Theory]
    [InlineData(ChargedViews.All, 3)]
    [InlineData(ChargedViews.Strangers, 9)]
    public async Task A_limit_that_charges_all_counts_accounts_in_good_standing_too(ChargedViews charge, int shown)
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Limits["address-all"] = Limit(3);
            options.Limits["address-all"].Charge = charge;
        });
        var seen = 0;
        while (seen < 9 && (await portal.GetAsync($"/members/{seen + 1}", user: $"colleague{seen}")).StatusCode == HttpStatusCode.OK)
            seen++;
        Assert.Equal(shown, seen);
    }

    [Fact]
    public async Task Observe_refuses_nothing_whatever_is_past_its_limit()
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Mode = ScrapeGuardMode.Observe;
            options.StepUp.Path = "/confirm";
            foreach (var limit in options.Limits.Values)
                limit.Max = 1;
        });
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        for (var record = 1; record <= 5; record++)
        {
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", user: "pharmacist", accept: "text/html")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", cookie: cookie)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync($"/members/{record + 30_000}", user: "pharmacist")).StatusCode);
        }

        var desk = portal.Services.GetRequiredService<Operator>();
        Assert.Equal(0, desk.Summary().BlockedRequests);
        Assert.All(desk.Blocks(null, 100).Items, block => Assert.Equal((ScrapeGuardMode.Observe, 0L), (block.Mode, block.Refused)));
    }

    [Theory]
    [InlineData("text/html", "text/html")]
    [InlineData("application/json", "application/problem+json")]
    [InlineData(null, "application/problem+json")]
    public async Task A_refusal_says_until_when_and_whom_to_tell_and_no_threshold(string? accept, string type)
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Blocks.StatusCode = 403;
            options.Blocks.Duration = TimeSpan.FromSeconds(5000);
            options.Limits["address-10min"].Max = 17;
        });
        for (var record = 1; record <= 18; record++)
            await portal.GetAsync($"/members/{record}");
        var refused = await portal.GetAsync("/members/1", accept: accept);
        var body = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((403, type, "no-store"), ((int)refused.StatusCode, refused.Content.Headers.ContentType!.MediaType, refused.Headers.CacheControl!.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(5000), refused.Headers.RetryAfter!.Delta);
        Assert.Contains(Reference(portal), body, StringComparison.Ordinal);
        Assert.DoesNotContain("17", body.Replace(Reference(portal), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("address-10min", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_can_ask_how_its_request_was_judged()
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app =>
        {
            app.MapGet("/judged/{id}", (HttpContext context) => $"{context.GetScrapeGuardAssessment()}").RequireScrapeGuard("member", record: "id");
            app.MapGet("/unjudged", (HttpContext context) => $"{context.GetScrapeGuardAssessment() is null}");
        });
        Assert.Contains("Verdict = Allow, Mode = Enforce", await TextAsync(portal, "/judged/1"), StringComparison.Ordinal);
        Assert.Equal("True", await TextAsync(portal, "/unjudged"));
    }

    private static string Reference(PortalUnderTest portal) =>
        portal.Services.GetRequiredService<Operator>().Subjects(1, PortalUnderTest.Client, null, null).Items[0].Reference;

    private static async Task<string> TextAsync(PortalUnderTest portal, string path) =>
        await (await portal.GetAsync(path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static LimitOptions Limit(int max, string? kind = null) => new()
    {
        Per = SubjectType.Address,
        Count = CountOf.Records,
        Window = TimeSpan.FromMinutes(10),
        Max = max,
        Kind = kind,
    };
}
