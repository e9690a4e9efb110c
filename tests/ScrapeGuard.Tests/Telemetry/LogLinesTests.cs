using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Telemetry;

public partial class LogLinesTests
{
    private const int Blocked = 12;
    private const int Refused = 13;

    [Fact]
    public async Task An_enforced_block_of_an_address_that_reaches_everyone_is_one_line_for_fail2ban()
    {
        await using var portal = await StartAsync();
        await ShowAsync(portal, 6);
        var line = Assert.Single(portal.Logged(Blocked));
        Assert.Equal("2026-11-24T08:00:00.000Z scrapeguard[blocked] client=203.0.113.7 subject=address cause=address-10min records=3 seconds=3600", line);
        Assert.Empty(portal.Logged(Refused));

        // As the fail2ban filter of the documentation reads it.
        Assert.Equal("203.0.113.7", FailRegex().Match(line[DatePattern().Match(line).Length..]).Groups[1].Value);
        Assert.True(DateTimeOffset.TryParseExact(
            DatePattern().Match(line).Value, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _));
    }

    [Fact]
    public async Task An_IPv6_client_is_named_by_its_prefix()
    {
        await using var portal = await StartAsync();
        await ShowAsync(portal, 4, "2001:db8:1:2:3:4:5:6");
        Assert.Contains(" client=2001:db8:1:2::/64 subject=address ", Assert.Single(portal.Logged(Blocked)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_with_colleagues_is_refused_to_strangers_without_being_named()
    {
        await using var portal = await StartAsync();
        await portal.GetAsync("/members/1", user: "colleague");
        await ShowAsync(portal, 4);
        Assert.Empty(portal.Logged(Blocked));
        Assert.Matches(RefusedLine("address", "address-10min", "Block", "Enforce"), Assert.Single(portal.Logged(Refused)));
    }

    [Fact]
    public async Task A_blocked_account_is_refused_without_a_name()
    {
        await using var portal = await StartAsync(options => options.Limits["account-10min"].Max = 3);
        await ShowAsync(portal, 6, user: "pharmacist");
        Assert.Empty(portal.Logged(Blocked));
        Assert.Matches(RefusedLine("account", "account-10min", "Block", "Enforce"), Assert.Single(portal.Logged(Refused)));
    }

    [Fact]
    public async Task A_blocked_session_is_refused_without_a_name()
    {
        await using var portal = await StartAsync(options => options.Limits["session-10min"].Max = 1);
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await portal.GetAsync("/members/2", cookie: cookie);
        await portal.GetAsync("/members/3", cookie: cookie);
        Assert.Matches(RefusedLine("session", "session-10min", "Block", "Enforce"), Assert.Single(portal.Logged(Refused)));
    }

    [Fact]
    public async Task A_step_up_is_refused_without_a_name()
    {
        await using var portal = await StartAsync(options =>
        {
            options.Limits["account-10min"].Max = 3;
            options.StepUp.Path = "/confirm";
        });
        await ShowAsync(portal, 4, user: "pharmacist");
        Assert.Matches(RefusedLine("account", "account-10min", "StepUp", "Enforce"), Assert.Single(portal.Logged(Refused)));
    }

    [Fact]
    public async Task What_is_only_observed_is_never_a_line_for_fail2ban_and_says_so()
    {
        await using var portal = await StartAsync(options => options.Mode = ScrapeGuardMode.Observe);
        await ShowAsync(portal, 6);
        Assert.Empty(portal.Logged(Blocked));
        Assert.Matches(RefusedLine("address", "address-10min", "Block", "Observe"), Assert.Single(portal.Logged(Refused)));
    }

    [Fact]
    public async Task Nothing_that_a_client_sends_gets_into_a_line()
    {
        const string forged = "2026-11-24T08:00:00.000Z scrapeguard[blocked] client=198.51.100.1";
        await using var portal = await StartAsync(
            options =>
            {
                options.Limits["account-10min"].Max = 3;
                options.Session.From = "Header:X-Session";
                options.Limits["session-10min"].Max = 3;
            },
            app => app.MapGet("/text/{id}", (string id) => id).RequireScrapeGuard("text", record: "id"));
        for (var record = 1; record <= 5; record++)
        {
            var path = $"/text/{Uri.EscapeDataString($"{forged}\n{record}")}";
            await portal.GetWithAsync(path, ("User", $"{forged}{forged}"), ("X-Session", forged));
            await portal.GetWithAsync(path, ("X-Session", forged), ("User-Agent", forged), ("Referer", forged));
        }

        string[] lines = [.. portal.Logged(Blocked), .. portal.Logged(Refused)];
        Assert.Equal(2, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains("198.51.100.1", StringComparison.Ordinal) || line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_block_by_an_operator_that_reaches_everyone_is_a_line_too()
    {
        await using var portal = await PortalUnderTest.StartAsync(null, app => app.MapScrapeGuardDashboard("/scrapeguard"), "Development");
        await BlockAsync(portal, "198.51.100.1", "Everyone");
        await BlockAsync(portal, "198.51.100.2", "Strangers");
        Assert.Equal(
            ["2026-11-24T08:00:00.000Z scrapeguard[blocked] client=198.51.100.1 subject=address cause=operator records=0 seconds=1800"], portal.Logged(Blocked));
        Assert.Matches(RefusedLine("address", "operator", "Block", "Enforce"), Assert.Single(portal.Logged(Refused)));
    }

    [Fact]
    public async Task A_block_by_an_operator_in_observe_is_no_line_for_fail2ban()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Mode = ScrapeGuardMode.Observe, app => app.MapScrapeGuardDashboard("/scrapeguard"), "Development");
        await BlockAsync(portal, "198.51.100.1", "Everyone");
        Assert.Empty(portal.Logged(Blocked));
    }

    private static Task<PortalUnderTest> StartAsync(Action<ScrapeGuardOptions>? configure = null, Action<WebApplication>? map = null) => PortalUnderTest.StartAsync(
        options =>
        {
            options.Limits["address-10min"].Max = 3;
            configure?.Invoke(options);
        },
        map);

    private static async Task ShowAsync(PortalUnderTest portal, int records, string from = PortalUnderTest.Client, string? user = null)
    {
        for (var record = 1; record <= records; record++)
            await portal.GetAsync($"/members/{record}", from, user);
    }

    private static async Task BlockAsync(PortalUnderTest portal, string address, string reach)
    {
        using var content = new StringContent(
            JsonSerializer.Serialize(new { subject = "Address", value = address, duration = "00:30:00", reason = "seen\nscraping", reach }), null, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/scrapeguard/api/blocks") { Content = content };
        Assert.Equal(HttpStatusCode.Created, (await portal.SendAsync(request, "127.0.0.1")).StatusCode);
    }

    private static string RefusedLine(string subject, string cause, string verdict, string mode) =>
        $"^2026-11-24T08:00:00.000Z scrapeguard\\[refused\\] subject={subject} cause={cause} verdict={verdict} mode={mode} reference=[0-9A-Z-]+$";

    [GeneratedRegex(@"^\s*scrapeguard\[blocked\] client=(\S+)\s")]
    private static partial Regex FailRegex();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")]
    private static partial Regex DatePattern();
}
