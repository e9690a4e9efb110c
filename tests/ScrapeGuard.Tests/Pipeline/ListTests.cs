using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class ListTests
{
    [Fact]
    public async Task A_refused_list_counts_none_of_its_records()
    {
        await using var portal = await StartAsync(7);
        await portal.GetAsync("/list/1/5", user: "pharmacist");
        Assert.Equal((1, 5, 0), portal.Account("pharmacist"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/list/4/5", user: "pharmacist")).StatusCode);
        Assert.Equal((1, 5, 0), portal.Account("pharmacist"));
        Assert.Equal(5, portal.Displayed());
    }

    [Fact]
    public async Task A_list_stays_counted_when_its_reservation_would_have_lapsed()
    {
        await using var portal = await StartAsync(7);
        await portal.GetAsync("/list/1/5", user: "pharmacist");
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((1, 5, 0), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task Repeats_spellings_and_blanks_in_a_list_are_no_records_of_their_own()
    {
        await using var portal = await StartAsync(7, app => app.MapGet("/same", async (HttpContext context) =>
            $"{(await context.CountRecordsAsync("member", ["1", "01", "+1", " 1 ", "", null!, "2"])).Verdict}"));
        await portal.GetAsync("/same", user: "pharmacist");
        Assert.Equal((1, 2, 0), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task A_long_list_that_begins_with_revisits_hides_no_novel_record()
    {
        await using var portal = await StartAsync(7);
        foreach (var first in (int[])[1, 8])
        {
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/list/{first}/7", user: "pharmacist")).StatusCode);
            portal.Time.Advance(TimeSpan.FromMinutes(20));
        }

        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/list/1/20", user: "pharmacist")).StatusCode);
        Assert.Equal(20, portal.Account("pharmacist").Records);
    }

    [Fact]
    public async Task An_empty_list_is_a_view()
    {
        await using var portal = await StartAsync(7);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/list/1/0", user: "pharmacist")).StatusCode);
        Assert.Equal((1, 0, 0), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task A_list_on_a_display_page_belongs_to_the_pages_view()
    {
        await using var portal = await StartAsync(7, app => app.MapGet("/family/{id}", async (HttpContext context) =>
            $"{(await context.CountRecordsAsync("member", ["1", "2", "3"])).Verdict}").RequireScrapeGuard("member", record: "id"));
        await portal.GetAsync("/family/1", user: "pharmacist");
        Assert.Equal((1, 3, 0), portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData(ScrapeGuardMode.Enforce, HttpStatusCode.TooManyRequests)]
    [InlineData(ScrapeGuardMode.Observe, HttpStatusCode.OK)]
    public async Task A_list_longer_than_a_limit_says_so_once(ScrapeGuardMode mode, HttpStatusCode status)
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options =>
            {
                options.Mode = mode;
                options.Limits["address-10min"].Max = 7;
            },
            MapList);
        Assert.Equal(status, (await portal.GetAsync("/list/1/8")).StatusCode);
        Assert.Equal(status, (await portal.GetAsync("/list/1/9", "198.51.100.1")).StatusCode);
        Assert.Equal(
            ["A list of 8 records can never pass the limit address-10min of at most 7. Show fewer per page, or raise Max."], portal.Logged(11));
    }

    [Theory]
    [InlineData(ScrapeGuardMode.Enforce, HttpStatusCode.TooManyRequests, 0)]
    [InlineData(ScrapeGuardMode.Observe, HttpStatusCode.OK, 1000)]
    public async Task A_list_of_more_than_a_thousand_passes_no_limit_however_large(ScrapeGuardMode mode, HttpStatusCode status, int counted)
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options =>
            {
                options.Mode = mode;
                options.Exposure.MaxRecords = 10_000;
                foreach (var limit in options.Limits.Values.Where(limit => limit.Count == CountOf.Records))
                    limit.Max = 5000;
            },
            app => app.MapGet("/all", async (HttpContext context) =>
            {
                var assessment = await context.CountRecordsAsync("member", Enumerable.Range(1, 1500).Select(id => $"{id}"));
                return assessment.IsRefused ? assessment.ToResult() : Results.Text("all of them");
            }));
        Assert.Equal(status, (await portal.GetAsync("/all", user: "pharmacist")).StatusCode);
        Assert.Equal(counted, portal.Account("pharmacist").Records);
    }

    [Fact]
    public async Task A_list_that_a_full_day_refuses_is_not_called_too_long()
    {
        await using var portal = await StartAsync(7);
        await portal.GetAsync("/list/1/5", user: "pharmacist");
        await portal.GetAsync("/list/11/5", user: "pharmacist");
        Assert.Empty(portal.Logged(11));
    }

    [Fact]
    public async Task A_blocked_client_gets_no_list_and_a_head_counts_none()
    {
        await using var portal = await StartAsync(7);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/list/1/6", user: "pharmacist", method: "HEAD")).StatusCode);
        Assert.Equal((1, 0, 0), portal.Account("pharmacist"));
        await portal.GetAsync("/list/1/8", user: "pharmacist");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/list/1/1", user: "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task A_list_of_a_kind_whose_ids_are_text_keeps_their_spelling()
    {
        await using var portal = await StartAsync(7, app => app.MapGet("/file/{id}", async (HttpContext context) =>
            $"{(await context.CountRecordsAsync("file", ["42", "042", "00042"])).Verdict}").RequireScrapeGuard("file", record: "id", identity: RecordIdentity.Text));
        await portal.GetAsync("/file/00042", user: "pharmacist");
        Assert.Equal((1, 3, 0), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task Two_lists_of_one_page_are_released_together_when_the_second_is_refused()
    {
        await using var portal = await StartAsync(7, app => app.MapGet("/two", async (HttpContext context) =>
        {
            await context.CountRecordsAsync("member", ["1", "2", "3"]);
            var second = await context.CountRecordsAsync("member", ["4", "5", "6", "7", "8"]);
            return second.IsRefused ? second.ToResult() : Results.Text("two");
        }));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/two", user: "pharmacist")).StatusCode);
        Assert.Equal((0, 0, 0), portal.Account("pharmacist"));
    }

    [Fact]
    public async Task A_list_that_begins_with_known_records_adds_its_novel_ones_to_scores()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Signals.Pace.Verdict = SignalVerdict.Block, app => app.MapGet("/known/{first:int}", async (HttpContext context, int first) =>
        {
            var assessment = await context.CountRecordsAsync("member", [.. "12345".Select(id => $"{id}"), .. Enumerable.Range(first, 3).Select(id => $"{id}")]);
            return assessment.IsRefused ? assessment.ToResult() : Results.Text("known");
        }));
        var pages = 0;
        while (pages < 20 && (await portal.GetAsync($"/known/{10 * (pages + 1)}", user: "pharmacist")).StatusCode == HttpStatusCode.OK)
            pages++;
        Assert.Equal(9, pages); // Five of the first, then three of each: 29 novel records, as the second threshold has it.
    }

    [Fact]
    public async Task A_list_that_is_shown_again_adds_to_no_score()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Signals.Pace.Verdict = SignalVerdict.Block, MapList);
        for (var load = 0; load < 20; load++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/list/1/50", user: "pharmacist")).StatusCode);
        Assert.Equal((20, 50, 0), portal.Account("pharmacist"));
    }

    private static Task<PortalUnderTest> StartAsync(int max, Action<WebApplication>? map = null) => PortalUnderTest.StartAsync(
        options => options.Limits["account-10min"].Max = max,
        app =>
        {
            MapList(app);
            map?.Invoke(app);
        });

    private static void MapList(WebApplication app) =>
        app.MapMethods("/list/{from:int}/{count:int}", ["GET", "HEAD"], async (HttpContext context, int from, int count) =>
        {
            var assessment = await context.CountRecordsAsync("member", Enumerable.Range(from, count).Select(id => $"{id}"));
            return assessment.IsRefused ? assessment.ToResult() : Results.Text("list");
        });
}
