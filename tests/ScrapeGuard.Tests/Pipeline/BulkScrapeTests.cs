using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ScrapeGuard;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class BulkScrapeTests
{
    [Fact]
    public async Task An_address_is_refused_at_its_51st_record_and_another_still_reads()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var shown = 0;
        HttpResponseMessage? refused = null;
        for (var record = 1; record <= 60 && refused is null; record++)
        {
            portal.Time.Advance(TimeSpan.FromSeconds(2));
            var answer = await portal.GetAsync($"/members/+{record}");
            if (answer.StatusCode == HttpStatusCode.OK)
                shown++;
            else
                refused = answer;
        }

        Assert.Equal(50, shown);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused!.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3599, 3600);
        Assert.Contains("reference", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1", "203.0.113.8")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/free")).StatusCode);
        portal.Time.Advance(TimeSpan.FromHours(1.1));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1")).StatusCode);
    }

    [Fact]
    public async Task Spellings_of_one_id_are_one_record()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["address-10min"].Max = 1);
        foreach (var spelling in new[] { "1", "+1", "001", "%201", "1%20" })
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{spelling}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/2")).StatusCode);
    }

    [Fact]
    public async Task Observe_refuses_nothing_and_says_what_it_would_have_done()
    {
        ScrapeGuardAssessment? last = null;
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Mode = ScrapeGuardMode.Observe,
            app => app.MapGet("/m/{id}", (HttpContext context) => { last = context.GetScrapeGuardAssessment(); return "x"; }).RequireScrapeGuard("member", record: "id"));
        for (var record = 1; record <= 51; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/m/{record}")).StatusCode);
        Assert.Equal((Verdict.Block, ScrapeGuardMode.Observe, "address-10min"), (last!.Verdict, last.Mode, last.Cause));
    }

    [Fact]
    public async Task An_account_past_its_limit_is_asked_to_step_up_and_its_colleagues_work_on()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.StepUp.Path = "/confirm");
        for (var colleague = 1; colleague <= 5; colleague++)
            await portal.GetAsync($"/members/{1000 + colleague}", "192.0.2.10", $"colleague{colleague}");
        var shown = 0;
        HttpResponseMessage answer;
        do
        {
            answer = await portal.GetAsync($"/members/{++shown}", "192.0.2.10", "thief", accept: "text/html");
        }
        while (answer.StatusCode == HttpStatusCode.OK && shown < 100);

        Assert.Equal(61, shown);
        Assert.Equal("/confirm?returnUrl=%2Fmembers%2F61", answer.Headers.Location!.ToString());
        for (var record = 100; record < 140; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", "192.0.2.10", "colleague1")).StatusCode);
    }

    [Fact]
    public async Task A_list_is_admitted_whole_or_not_at_all()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["address-10min"].Max = 7,
            app => app.MapGet("/list/{from:int}", async (HttpContext context, int from) =>
            {
                var assessment = await context.CountRecordsAsync("member", Enumerable.Range(from, 5).Select(id => $"{id}"));
                return assessment.IsRefused ? assessment.ToResult() : Results.Text("list");
            }));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/list/1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/list/3")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/list/4")).StatusCode);
    }

    [Fact]
    public async Task Guessing_ids_is_stopped_by_its_misses()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var misses = 0;
        while (misses < 40 && (await portal.GetAsync($"/members/{30_000 + misses}")).StatusCode == HttpStatusCode.NotFound)
            misses++;
        Assert.Equal(20, misses);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("%F0%9F%98%80")]
    public async Task A_cookie_that_is_not_ours_is_no_session(string value)
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var answer = await portal.GetAsync("/members/1", cookie: $"scrapeguard={value}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Our_cookie_is_a_session_and_has_its_own_limit()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["session-10min"].Max = 3);
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        for (var record = 2; record <= 4; record++)
        {
            var answer = await portal.GetAsync($"/members/{record}", cookie: cookie);
            Assert.Equal((HttpStatusCode.OK, false), (answer.StatusCode, answer.Headers.Contains("Set-Cookie")));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/5", "198.51.100.1", cookie: cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/5")).StatusCode);
    }

    [Fact]
    public async Task Bad_input_never_becomes_a_server_error()
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapGet("/absent", () => "x").RequireScrapeGuard("member", record: "nothing"));
        Assert.Equal(HttpStatusCode.BadRequest, (await portal.GetAsync("/members/" + new string('9', 10_000))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await portal.GetAsync("/members/%FF%FE%01%E2%82")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/absent")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1", "fe80::1%3")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1", from: null)).StatusCode);
    }
}
