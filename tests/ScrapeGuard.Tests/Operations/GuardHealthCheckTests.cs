using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Operations;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Operations;

public class GuardHealthCheckTests
{
    [Fact]
    public async Task A_portal_that_counts_by_itself_is_healthy_and_says_what_holds()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["address-10min"].Max = 1, build: builder => builder.Services.AddHealthChecks().AddScrapeGuard());
        await portal.GetAsync("/members/1");
        await portal.GetAsync("/members/2");
        var report = await portal.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        var entry = report.Entries["scrapeguard"];
        Assert.Equal((HealthStatus.Healthy, "Enforce", 1, "none"), (entry.Status, entry.Data["mode"], entry.Data["activeBlocks"], entry.Data["redis"]));
    }

    [Theory]
    [InlineData(true, "connected", 0, HealthStatus.Healthy, "Counting.")]
    [InlineData(false, "away", 0, HealthStatus.Degraded, "Check ScrapeGuard:Redis:Configuration")]
    [InlineData(false, "away", 1, HealthStatus.Degraded, "Check ScrapeGuard:Redis:Configuration")]
    [InlineData(true, "connected", 1, HealthStatus.Degraded, "Give every node the same ScrapeGuard:Keys")]
    public async Task A_node_that_does_not_share_its_counts_is_degraded_and_names_the_remedy(
        bool isAvailable, string state, int apart, HealthStatus status, string description)
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var check = new GuardHealthCheck(
            portal.Services.GetRequiredService<SettingsSource>(), portal.Services.GetRequiredService<BlockList>(), new SharedState(isAvailable, state, apart));
        var registration = new HealthCheckRegistration("shared", check, HealthStatus.Degraded, null);
        var result = await check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, TestContext.Current.CancellationToken);
        Assert.Equal((status, state, apart), (result.Status, result.Data["redis"], result.Data["nodesWithOtherKeys"]));
        Assert.Contains(description, result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_may_have_another_name_and_answers_over_http()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            map: app => app.MapHealthChecks("/health"), build: builder => builder.Services.AddHealthChecks().AddScrapeGuard("guard"));
        var answer = await portal.GetAsync("/health");
        Assert.Equal("Healthy", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private sealed record SharedState(bool IsAvailable, string State, int NodesApart) : ISharedState
    {
        public double LagSeconds => 0;

        public int Nodes => 1;

        public int SilentNodes => 0;

        public DateTimeOffset? LostAt => null;

        public int MissingNodes(long since, bool isCurrent) => 0;
    }
}
