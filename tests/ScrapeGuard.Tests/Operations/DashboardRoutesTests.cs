using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Operations;

public class DashboardRoutesTests
{
    [Fact]
    public async Task An_operator_sees_a_blocked_address_and_can_lift_its_block()
    {
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Limits["address-10min"].Max = 3, app => app.MapScrapeGuardDashboard("/scrapeguard"), "Development");
        for (var record = 1; record <= 6; record++)
            await portal.GetAsync($"/members/{record}");

        var block = (await JsonAsync(portal, "/scrapeguard/api/blocks")).GetProperty("items")[0];
        Assert.Equal(("203.0.113.7", "Address", "address-10min", 3), (
            block.GetProperty("value").GetString(), block.GetProperty("subject").GetString(), block.GetProperty("cause").GetString(),
            block.GetProperty("refused").GetInt32()));
        Assert.Equal(1, (await JsonAsync(portal, "/scrapeguard/api/summary")).GetProperty("activeBlocks").GetInt32());

        var id = block.GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await portal.GetAsync($"/scrapeguard/api/blocks/{id}", "127.0.0.1", method: "DELETE")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync($"/scrapeguard/api/blocks/{id}", "127.0.0.1", method: "DELETE")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/9")).StatusCode);
    }

    [Theory]
    [InlineData("Development", "203.0.113.9")]
    [InlineData("Production", "127.0.0.1")]
    public async Task Without_authorization_the_routes_exist_for_loopback_in_development_only(string environment, string from)
    {
        await using var portal = await PortalUnderTest.StartAsync(null, app => app.MapScrapeGuardDashboard("/scrapeguard"), environment);
        Assert.Equal(HttpStatusCode.NotFound, (await portal.GetAsync("/scrapeguard/api/summary", from)).StatusCode);
    }

    private static async Task<JsonElement> JsonAsync(PortalUnderTest portal, string path)
    {
        var text = await (await portal.GetAsync(path, "127.0.0.1")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }
}
