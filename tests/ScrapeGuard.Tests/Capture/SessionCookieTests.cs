using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Capture;

public class SessionCookieTests
{
    [Theory]
    [InlineData("http://localhost/members/1", "scrapeguard=", false)]
    [InlineData("https://localhost/members/1", "__Host-scrapeguard=", true)]
    public async Task A_session_is_issued_with_the_first_displayed_page(string url, string name, bool isSecure)
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var cookie = (await portal.GetAsync(url)).Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith(name, cookie, StringComparison.Ordinal);
        Assert.EndsWith(isSecure ? "; max-age=43200; path=/; secure; samesite=lax; httponly" : "; max-age=43200; path=/; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        Assert.False((await portal.GetAsync(url, cookie: cookie.Split(';')[0])).Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/members/30000", HttpStatusCode.NotFound)]
    [InlineData("/members/abc", HttpStatusCode.BadRequest)]
    [InlineData("/elsewhere/1", HttpStatusCode.Redirect)]
    [InlineData("/free", HttpStatusCode.OK)]
    public async Task What_displays_no_record_issues_none(string path, HttpStatusCode status)
    {
        await using var portal = await PortalUnderTest.StartAsync(
            map: app => app.MapGet("/elsewhere/{id}", () => Results.Redirect("/welcome")).RequireScrapeGuard("member", record: "id"));
        var answer = await portal.GetAsync(path);
        Assert.Equal((status, false), (answer.StatusCode, answer.Headers.Contains("Set-Cookie")));
    }

    [Fact]
    public async Task A_session_issued_to_a_stranger_is_one_more_view_of_the_address()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var cookie = (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Equal((2, 1, 0), portal.Address());
        await portal.GetAsync("/members/1", cookie: cookie);
        Assert.Equal((3, 1, 0), portal.Address());
        await portal.GetAsync("/members/1", user: "pharmacist");
        Assert.Equal((3, 1, 0), portal.Address());
    }

    [Fact]
    public async Task A_refused_client_is_issued_none()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["address-10min"].Max = 1);
        await portal.GetAsync("/members/1");
        Assert.False((await portal.GetAsync("/members/2")).Headers.Contains("Set-Cookie"));
        Assert.False((await portal.GetAsync("/members/1")).Headers.Contains("Set-Cookie"));
    }
}
