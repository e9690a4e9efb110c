using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using ScrapeGuard.Telemetry;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class ConcentrationTests
{
    private const int Concentrated = 51;

    [Fact]
    public async Task An_operator_sees_which_addresses_are_shown_most_of_all_novel_records()
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapScrapeGuardDashboard("/scrapeguard"), environment: "Development");
        await ShowAsync(portal, "203.0.113.7", 1, 6);
        await ShowAsync(portal, "2001:db8:1:2::9", 11, 2);
        await ShowAsync(portal, "203.0.113.8", 21, 1, "pharmacist");

        // Shown before, found nowhere, or not shown at all.
        await ShowAsync(portal, "203.0.113.7", 1, 6);
        await ShowAsync(portal, "203.0.113.7", 20_001, 5);
        await portal.GetAsync("/members/31", "203.0.113.7", method: "HEAD");

        var shares = JsonDocument.Parse(await (await portal.GetAsync("/scrapeguard/api/summary", "127.0.0.1")).Content
            .ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("concentration").EnumerateArray();
        Assert.Equal(
            [("203.0.113.7", 0.667), ("2001:db8:1:2::/64", 0.222), ("203.0.113.8", 0.111)],
            shares.Select(one => (one.GetProperty("address").GetString(), one.GetProperty("share").GetDouble())));

        using var gauge = new MetricCollector<double>(portal.Services.GetRequiredService<IMeterFactory>(), GuardMetrics.MeterName, "scrapeguard.concentration");
        gauge.RecordObservableInstruments();
        Assert.Equal(0.889, gauge.LastMeasurement!.Value, 3);
        Assert.Empty(gauge.LastMeasurement.Tags);
    }

    [Fact]
    public async Task Two_addresses_that_empty_the_portal_below_every_limit_are_said_once_an_hour_without_their_addresses()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits.Clear());
        var watch = portal.Services.GetServices<IHostedService>().OfType<ConcentrationWatch>().Single();
        watch.Look();
        Assert.Empty(portal.Logged(Concentrated));
        await MorningAsync(portal, 1);
        watch.Look();
        watch.Look();
        var line = Assert.Single(portal.Logged(Concentrated));
        Assert.StartsWith("Two addresses were shown 40 % of the 500 novel records that this node displayed", line, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113", line, StringComparison.Ordinal);

        portal.Time.Advance(TimeSpan.FromMinutes(59));
        await MorningAsync(portal, 2001);
        watch.Look();
        Assert.Single(portal.Logged(Concentrated));
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        watch.Look();
        Assert.Equal(2, portal.Logged(Concentrated).Length);
    }

    /// <summary>Twenty practices are shown fifteen records each, and two scrapers a hundred.</summary>
    private static async Task MorningAsync(PortalUnderTest portal, int first)
    {
        for (var practice = 0; practice < 20; practice++)
            await ShowAsync(portal, $"198.51.100.{practice}", first + (practice * 20), 15);
        await ShowAsync(portal, "203.0.113.1", first + 1000, 100);
        await ShowAsync(portal, "203.0.113.2", first + 1200, 100);
    }

    private static async Task ShowAsync(PortalUnderTest portal, string from, int first, int records, string? user = null)
    {
        for (var record = first; record < first + records; record++)
            await portal.GetAsync($"/members/{record}", from, user);
    }
}
