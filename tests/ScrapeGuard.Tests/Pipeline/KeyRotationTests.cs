using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Enforcement;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>A new key takes over while the portal runs: nobody begins anew, and nobody is accused because of it.</summary>
public class KeyRotationTests
{
    // PortalUnderTest starts at eight; the second key takes over five minutes later.
    private static readonly DateTimeOffset TakeOver = new(2026, 11, 24, 8, 5, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_scrape_across_the_change_of_keys_is_stopped_at_the_same_record()
    {
        await using var portal = await StartAsync();
        for (var record = 1; record <= 40; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}")).StatusCode);
        portal.Time.Advance(TimeSpan.FromMinutes(5));
        for (var record = 41; record <= 50; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/51")).StatusCode);
    }

    [Fact]
    public async Task Records_shown_before_the_change_are_no_news_after_it()
    {
        await using var portal = await StartAsync();
        for (var record = 1; record <= 25; record++)
            await portal.GetAsync($"/members/{record}", user: "pharmacist");
        portal.Time.Advance(TimeSpan.FromMinutes(5));
        for (var record = 1; record <= 25; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", user: "pharmacist")).StatusCode);
        for (var record = 26; record <= 60; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", user: "pharmacist")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await portal.GetAsync("/members/61", user: "pharmacist")).StatusCode);
    }

    [Fact]
    public async Task A_block_made_before_the_change_holds_after_it()
    {
        await using var portal = await StartAsync();
        for (var record = 1; record <= 51; record++)
            await portal.GetAsync($"/members/{record}");
        portal.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1")).StatusCode);
        portal.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1")).StatusCode);
    }

    [Fact]
    public async Task A_session_issued_before_the_change_goes_on()
    {
        await using var portal = await StartAsync(options => options.Limits["session-10min"].Max = 10);
        var first = await portal.GetAsync("/members/1");
        var cookie = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        portal.Time.Advance(TimeSpan.FromMinutes(6));
        var next = await portal.GetAsync("/members/2", cookie: cookie);
        Assert.False(next.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_day_after_the_change_views_are_counted_under_the_new_key_alone()
    {
        await using var portal = await StartAsync();
        portal.Time.Advance(TimeSpan.FromHours(25));
        await portal.GetAsync("/members/1");
        Assert.Single(portal.Services.GetRequiredService<ScrapeGuard.Counting.SubjectTable>().Subjects(SubjectType.Address));
        Assert.Empty(portal.Services.GetRequiredService<BlockList>().Active());
    }

    private static Task<PortalUnderTest> StartAsync(Action<ScrapeGuardOptions>? configure = null) => PortalUnderTest.StartAsync(options =>
    {
        options.Keys["old"] = new KeyOptions { Value = Convert.ToBase64String(new byte[32]), From = TakeOver.AddYears(-1) };
        options.Keys["new"] = new KeyOptions { Value = SharedPortal.Key, From = TakeOver };
        configure?.Invoke(options);
    });
}
