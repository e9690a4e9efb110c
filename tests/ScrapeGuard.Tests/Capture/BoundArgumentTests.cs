using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Capture;

public class BoundArgumentTests
{
    [Theory]
    [InlineData("/mvc/1")]
    [InlineData("/mvc-both/1")]
    [InlineData("/page/1")]
    public async Task A_form_value_that_overrides_the_route_cannot_hide_records(string path)
    {
        await using var portal = await StartAsync();
        var shown = 0;
        while (shown < 60 && (await portal.PostAsync(path, "memberId", $"{shown + 100}")).StatusCode == HttpStatusCode.OK)
            shown++;

        // Where the route's value is bound beside the form's, both are held to have been shown.
        Assert.Equal(path == "/mvc-both/1" ? 49 : 50, shown);
    }

    [Fact]
    public async Task Every_element_of_a_collection_that_is_bound_counts()
    {
        await using var portal = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/several?" + string.Join('&', Enumerable.Range(1, 50).Select(id => $"id={id}")))).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/several?id=51")).StatusCode);
    }

    [Fact]
    public async Task A_property_of_a_model_that_is_bound_counts()
    {
        await using var portal = await StartAsync();
        var shown = 0;
        while (shown < 60 && (await portal.PostAsync("/model/1", "Id", $"{shown + 100}")).StatusCode == HttpStatusCode.OK)
            shown++;
        Assert.Equal(50, shown);
    }

    [Fact]
    public async Task A_type_that_does_not_say_what_it_is_counts_by_the_route()
    {
        await using var portal = await StartAsync();
        var shown = 0;
        while (shown < 60 && (await portal.GetAsync($"/wrapped/{shown + 100}")).StatusCode == HttpStatusCode.OK)
            shown++;
        Assert.InRange(shown, 49, 50);
    }

    [Fact]
    public async Task A_query_value_that_overrides_the_route_cannot_hide_records()
    {
        await using var portal = await StartAsync();
        var shown = 0;
        while (shown < 60 && (await portal.GetAsync($"/mvc-queried/1?memberId={shown + 100}")).StatusCode == HttpStatusCode.OK)
            shown++;
        Assert.Equal(50, shown);
    }

    [Theory]
    [InlineData("/mvc/{0}")]
    [InlineData("/api/{0}")]
    [InlineData("/page/{0}")]
    public async Task The_51st_record_of_a_route_is_refused(string path)
    {
        await using var portal = await StartAsync();
        for (var record = 1; record <= 50; record++)
        {
            using var answer = await portal.GetAsync(string.Format(null, path, record));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal($"{record}", (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim());
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync(string.Format(null, path, 51))).StatusCode);
        Assert.Equal((50, 0), (portal.Address().Records, portal.Address().Misses));
    }

    [Fact]
    public async Task A_form_value_that_nothing_binds_adds_no_record()
    {
        await using var portal = await StartAsync();
        for (var other = 1; other <= 60; other++)
            Assert.Equal(HttpStatusCode.OK, (await portal.PostAsync("/mvc-routed/1", "memberId", $"{other}")).StatusCode);
        Assert.Equal(1, portal.Address().Records);
    }

    [Fact]
    public async Task A_page_handler_and_a_property_bound_apart_are_both_counted()
    {
        await using var portal = await StartAsync();
        await portal.PostAsync("/page/1?handler=Routed", "memberId", "2");
        Assert.Equal(2, portal.Address().Records);
    }

    [Theory]
    [InlineData("/mvc-optional")]
    [InlineData("/mvc-optional/%20")]
    [InlineData("/page")]
    [InlineData("/mvc-lenient/abc")]
    public async Task A_view_without_an_id_is_a_view_of_no_record(string path)
    {
        await using var portal = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync(path, user: "pharmacist")).StatusCode);
        Assert.Equal((1, 0, 0), portal.Account("pharmacist"));
    }

    [Theory]
    [InlineData("/api/abc")]
    [InlineData("/api/99999999999999999999")]
    public async Task An_invalid_argument_is_a_view_and_no_miss(string path)
    {
        await using var portal = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await portal.GetAsync(path)).StatusCode);
        Assert.Equal((1, 0, 0), portal.Address());
    }

    [Fact]
    public async Task A_post_without_its_antiforgery_token_is_a_view()
    {
        await using var portal = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await portal.PostAsync("/mvc-tokened/1", "memberId", "2")).StatusCode);
        Assert.Equal((1, 0, 0), portal.Address());
    }

    [Fact]
    public async Task What_a_filter_shows_in_place_of_the_action_is_counted()
    {
        await using var portal = await StartAsync();
        var shown = 0;
        while (shown < 60 && (await portal.GetAsync($"/mvc-cached/{shown + 1}")).StatusCode == HttpStatusCode.OK)
            shown++;

        // Such a page is counted after it was shown, so that the first one past the limit still gets out.
        Assert.Equal((51, 51), (shown, portal.Displayed()));
    }

    [Fact]
    public async Task A_page_named_by_configuration_counts_what_was_bound_too()
    {
        await using var portal = await StartAsync(options => options.Pages["show"] = new() { Path = "/plain/{memberId}", Kind = "member", Record = "memberId" });
        for (var record = 1; record <= 3; record++)
            await portal.PostAsync("/plain/1", "memberId", $"{record}");
        Assert.Equal(3, portal.Address().Records);
    }

    [Fact]
    public async Task A_property_of_a_controller_counts_as_it_was_bound()
    {
        await using var portal = await StartAsync();
        for (var record = 2; record <= 4; record++)
            await portal.PostAsync("/property/1", "memberId", $"{record}");
        Assert.Equal(3, portal.Address().Records);
        await portal.GetAsync("/property/9");
        Assert.Equal(4, portal.Address().Records);
    }

    [Fact]
    public async Task A_head_of_an_action_counts_a_view_and_no_record()
    {
        await using var portal = await StartAsync();
        await portal.GetAsync("/page/1", method: "HEAD");
        Assert.Equal((1, 0, 0), portal.Address());
    }

    [Theory]
    [InlineData("/mvc/{0}", 25)]
    [InlineData("/page/{0}", 25)]
    [InlineData("/mvc-cached/{0}", 51)]
    public async Task A_view_past_half_of_a_limit_to_which_another_site_led_is_not_shown(string path, int shown)
    {
        await using var portal = await StartAsync();
        (string, string)[] led = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")];
        var last = string.Format(null, path, 60);
        for (var record = 1; record < 60; record++)
            await portal.GetWithAsync(string.Format(null, path, record), led);
        Assert.Equal(shown, portal.Displayed());
        var answer = await portal.GetWithAsync(last, led);
        if (shown != 25)
        {
            // A filter that shows records before they are counted is stopped as ever.
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            return;
        }

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains($"<a href=\"{last}\">", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync(last)).StatusCode);
    }

    private static Task<PortalUnderTest> StartAsync(Action<ScrapeGuardOptions>? configure = null) => PortalUnderTest.StartAsync(
        configure,
        map: app =>
        {
            app.MapControllers();
            app.MapRazorPages();
        },
        build: builder =>
        {
            builder.Services.AddRazorPages(pages => pages.RootDirectory = "/Capture/Pages");
            builder.Services.AddControllersWithViews();
        });
}
