using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ScrapeGuard.Operations;
using ScrapeGuard.Telemetry;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class CanaryTests
{
    private const int AskedFor = 50;

    // The portal has no such member.
    private const string Canary = "20042";

    [Theory]
    [InlineData("/members/20042", "GET")]
    [InlineData("/members/+0020042", "GET")]
    [InlineData("/members/20042", "HEAD")]
    [InlineData("/several/1,020042,3", "GET")]
    [InlineData("/several/1,020042,3", "HEAD")]
    [InlineData("/range/19000/1500", "GET")]
    public async Task A_canary_is_refused_before_its_page_runs_and_the_account_with_it_however_it_is_asked_for(string path, string method)
    {
        await using var portal = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1", user: "pharmacist")).StatusCode);
        var answer = await portal.GetAsync(path, user: "pharmacist", method: method);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromHours(1)), (answer.StatusCode, answer.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1", from: "198.51.100.1", user: "pharmacist")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1", user: "colleague")).StatusCode);
        Assert.Equal(2, portal.Displayed());

        var block = Assert.Single(Blocks(portal));
        Assert.Equal((SubjectType.Account, "Canary"), (block.Subject, block.Cause));
        Assert.StartsWith("Canary: a record of kind member that exists for nobody was asked for.", block.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alarm_names_the_kind_and_the_reference_and_no_id()
    {
        await using var portal = await StartAsync();
        using var blocks = new MetricCollector<long>(portal.Services.GetRequiredService<IMeterFactory>(), GuardMetrics.MeterName, "scrapeguard.blocks");
        await portal.GetAsync($"/members/{Canary}", user: "pharmacist");
        var reference = Assert.Single(Blocks(portal)).Reference;
        Assert.StartsWith(
            $"A record of kind member that exists for nobody was asked for by account {reference}: Block. ", Assert.Single(portal.Logged(AskedFor)), StringComparison.Ordinal);
        Assert.Equal("Canary", Assert.Single(blocks.GetMeasurementSnapshot()).Tags["cause"]);
    }

    [Fact]
    public async Task A_canary_asked_for_by_nobody_blocks_the_strangers_at_the_address_and_lets_everyone_by_who_signs_in()
    {
        await using var portal = await StartAsync();
        await portal.GetAsync("/members/1", user: "pharmacist");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync($"/members/{Canary}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/2")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/2", user: "pharmacist")).StatusCode);

        await portal.GetAsync($"/members/{Canary}", from: "198.51.100.1");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/3", from: "198.51.100.1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/3", from: "198.51.100.1", user: "pharmacist")).StatusCode);
        Assert.All(Blocks(portal), block => Assert.Equal(BlockReach.Strangers, block.Reach));
    }

    [Fact]
    public async Task A_canary_blocks_a_session_before_its_address()
    {
        await using var portal = await StartAsync();
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync($"/members/{Canary}", cookie: cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/2")).StatusCode);
    }

    [Theory]
    [InlineData("navigate", HttpStatusCode.NotFound)]
    [InlineData("cors", HttpStatusCode.Forbidden)]
    public async Task A_canary_to_which_another_site_led_alarms_and_blocks_nobody(string mode, HttpStatusCode status)
    {
        await using var portal = await StartAsync();
        for (var view = 0; view < 3; view++)
        {
            var answer = await portal.GetWithAsync($"/members/{Canary}", ("User", "pharmacist"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode));
            Assert.Equal(status, answer.StatusCode);
        }

        Assert.Empty(Blocks(portal));
        Assert.Equal(status == HttpStatusCode.NotFound ? 1 : 0, portal.Logged(AskedFor).Length);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetWithAsync($"/members/{Canary}", ("User", "pharmacist"), ("Sec-Fetch-Site", "same-origin"))).StatusCode);
    }

    [Fact]
    public async Task A_canary_to_which_another_site_led_accuses_nobody_where_it_is_only_observed_either()
    {
        await using var portal = await StartAsync(options => options.Mode = ScrapeGuardMode.Observe);
        await portal.GetWithAsync($"/members/{Canary}", ("User", "pharmacist"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"));
        Assert.Empty(Blocks(portal));
        await portal.GetWithAsync($"/members/{Canary}", ("User", "pharmacist"), ("Sec-Fetch-Site", "same-origin"));
        Assert.Single(Blocks(portal));
    }

    [Fact]
    public async Task What_observes_refuses_nothing_and_says_so_once()
    {
        await using var portal = await StartAsync(options => options.Mode = ScrapeGuardMode.Observe);
        for (var view = 0; view < 3; view++)
            Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync($"/members/{Canary}", user: "pharmacist")).StatusCode);
        Assert.Equal(ScrapeGuardMode.Observe, Assert.Single(Blocks(portal)).Mode);
        Assert.Contains(": Block, not carried out in Observe.", Assert.Single(portal.Logged(AskedFor)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "203.0.113.7", "address that is exempt")]
    [InlineData("monitoring", "198.51.100.1", "account ")]
    public async Task Whom_no_limit_applies_to_alarms_and_is_not_blocked_nor_the_address_it_comes_from(string? user, string from, string named)
    {
        await using var portal = await StartAsync(options =>
        {
            options.Address.Exempt.Add("203.0.113.0/24");
            options.Account.Exempt.Add("monitoring");
        });
        for (var view = 0; view < 2; view++)
            Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync($"/members/{Canary}", from, user)).StatusCode);
        Assert.Empty(Blocks(portal));
        Assert.Contains(named, Assert.Single(portal.Logged(AskedFor)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_an_operator_has_let_go_is_not_blocked_again_within_the_grace_period()
    {
        await using var portal = await StartAsync();
        await portal.GetAsync($"/members/{Canary}", user: "pharmacist");
        Assert.True(await portal.Services.GetRequiredService<Operator>().UnblockAsync(Assert.Single(Blocks(portal)).Id));
        Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync($"/members/{Canary}", user: "pharmacist")).StatusCode);
        Assert.Equal(2, portal.Logged(AskedFor).Length);
        portal.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync($"/members/{Canary}", user: "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task A_verdict_of_allow_only_alarms()
    {
        await using var portal = await StartAsync(options => options.Signals.Canary.Verdict = SignalVerdict.Allow);
        Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync($"/members/{Canary}")).StatusCode);
        Assert.Empty(Blocks(portal));
        Assert.Single(portal.Logged(AskedFor));
    }

    [Fact]
    public async Task A_canary_asked_for_past_a_limit_blocks_where_the_limit_would_ask_for_a_step_up()
    {
        await using var portal = await StartAsync(options =>
        {
            options.StepUp.Path = "/confirm";
            options.Limits["account-10min"].Max = 1;
        });
        await portal.GetAsync("/members/1", user: "pharmacist");
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/members/2", user: "pharmacist")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync($"/members/{Canary}", user: "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task A_canary_that_is_added_or_removed_while_the_portal_runs_holds_from_the_next_request()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ScrapeGuard:Mode", (string?)"Enforce")]).Build();
        await using var portal = await PortalUnderTest.StartAsync(section: configuration.GetSection("ScrapeGuard"));
        Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync($"/members/{Canary}", user: "first")).StatusCode);
        configuration["ScrapeGuard:Signals:Canary:Records:member:0"] = Canary;
        configuration.Reload();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync($"/members/{Canary}", user: "second")).StatusCode);
        configuration["ScrapeGuard:Signals:Canary:Verdict"] = "Off";
        configuration.Reload();
        Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync($"/members/{Canary}", user: "third")).StatusCode);
    }

    [Fact]
    public async Task On_a_page_whose_ids_are_text_a_canary_is_the_id_as_it_is_written()
    {
        await using var portal = await StartAsync(options => options.Signals.Canary.Records["file"] = ["0042"]);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/files/42", user: "pharmacist")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/files/0042", user: "pharmacist")).StatusCode);
    }

    private static IReadOnlyList<BlockAnswer> Blocks(PortalUnderTest portal) => portal.Services.GetRequiredService<Operator>().Blocks(null, 10).Items;

    private static Task<PortalUnderTest> StartAsync(Action<ScrapeGuardOptions>? configure = null) => PortalUnderTest.StartAsync(
        options =>
        {
            options.Signals.Canary.Records["member"] = [Canary];
            configure?.Invoke(options);
        },
        app =>
        {
            app.MapMethods("/members/{memberId}", ["HEAD"], () => Results.NotFound()).RequireScrapeGuard("member", record: "memberId");
            app.MapMethods("/several/{ids}", ["GET", "HEAD"], (HttpContext context, string ids) => ListAsync(context, ids.Split(',')));
            app.MapGet("/range/{first}/{count}", (HttpContext context, int first, int count) =>
                ListAsync(context, Enumerable.Range(first, count).Select(id => $"{id}")));
            app.MapGet("/files/{id}", (string id) => id).RequireScrapeGuard("file", record: "id", identity: RecordIdentity.Text);
        });

    private static async Task<IResult> ListAsync(HttpContext context, IEnumerable<string> ids)
    {
        var assessment = await context.CountRecordsAsync("member", ids);
        return assessment.IsRefused ? assessment.ToResult() : Results.Text("list");
    }
}
