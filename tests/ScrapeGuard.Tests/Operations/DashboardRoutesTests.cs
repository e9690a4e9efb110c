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

    [Theory]
    [InlineData("subjects?top=-1", "top is '-1'. Give a whole number from 1 to 1000.")]
    [InlineData("subjects?top=abc", "top is 'abc'. Give a whole number from 1 to 1000.")]
    [InlineData("subjects?top=0", "top is '0'. Give a whole number from 1 to 1000.")]
    [InlineData("subjects?top=1001", "top is '1001'. Give a whole number from 1 to 1000.")]
    [InlineData("subjects?top=1&top=2", "top is '1,2'. Give a whole number from 1 to 1000.")]
    [InlineData("subjects?address=office", "address is 'office'. Give one IPv4 address with all four numbers, or one IPv6 address; a network is none.")]
    [InlineData("subjects?address=10.1", "address is '10.1'. Give one IPv4 address")]
    [InlineData("subjects?reference=T2E9PHCK", "reference is 'T2E9PHCK'. Give a reference as the blocked page shows it, such as T2E9-PHCK.")]
    [InlineData("blocks?take=many", "take is 'many'. Give a whole number from 1 to 1000.")]
    [InlineData("blocks?after=5", "after is '5'. Give the id of a block, as api/blocks shows it.")]
    public async Task A_query_that_says_no_clear_thing_is_refused_with_its_parameter_and_what_is_allowed(string query, string detail)
    {
        await using var portal = await PortalUnderTest.StartAsync(null, app => app.MapScrapeGuardDashboard("/scrapeguard"), "Development");
        var answer = await portal.GetAsync($"/scrapeguard/api/{query}", "127.0.0.1");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.StartsWith("No ", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("subjects?top=1000&address=203.0.113.7")]
    [InlineData("subjects?top=&address=&account=&reference=")]
    [InlineData("subjects?address=2001:db8:1:2::/64")]
    [InlineData("subjects?account=nobody")]
    [InlineData("subjects?reference=%20t2e9-phck")]
    [InlineData("blocks?take=1&after=0123456789abcdef0123456789abcdef")]
    public async Task A_query_that_is_clear_is_answered_also_where_there_is_nothing_to_show(string query)
    {
        await using var portal = await PortalUnderTest.StartAsync(null, app => app.MapScrapeGuardDashboard("/scrapeguard"), "Development");
        Assert.Equal(0, (await JsonAsync(portal, $"/scrapeguard/api/{query}")).GetProperty("items").GetArrayLength());
    }

    private static async Task<JsonElement> JsonAsync(PortalUnderTest portal, string path)
    {
        var text = await (await portal.GetAsync(path, "127.0.0.1")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }
}
