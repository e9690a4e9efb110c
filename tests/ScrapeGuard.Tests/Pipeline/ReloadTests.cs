using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class ReloadTests
{
    [Fact]
    public async Task A_lowered_limit_holds_from_the_next_request_and_counts_survive()
    {
        var configuration = Configure(("Mode", "Enforce"));
        await using var portal = await StartAsync(configuration);
        for (var record = 1; record <= 5; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}")).StatusCode);

        Edit(configuration, "Limits:address-10min:Max", "5");
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/5")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/6")).StatusCode);
        Assert.Equal(["ScrapeGuard's settings were reloaded; mode Enforce."], portal.Logged(2));
    }

    [Fact]
    public async Task A_raised_limit_lets_more_records_through()
    {
        var configuration = Configure(("Mode", "Enforce"), ("Limits:session-10min:Max", "2"), ("StepUp:Path", "/confirm"));
        await using var portal = await StartAsync(configuration);
        var cookie = await SessionAsync(portal);
        await portal.GetAsync("/members/2", cookie: cookie);
        await portal.GetAsync("/members/3", cookie: cookie);
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/members/4", cookie: cookie)).StatusCode);

        Edit(configuration, "Limits:session-10min:Max", "3");
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/4", cookie: cookie)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/members/5", cookie: cookie)).StatusCode);
    }

    [Fact]
    public async Task A_portal_that_goes_from_observe_to_enforce_refuses_at_the_next_request()
    {
        var configuration = Configure(("Limits:address-10min:Max", "3"));
        await using var portal = await StartAsync(configuration);
        for (var record = 1; record <= 6; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}")).StatusCode);

        Edit(configuration, "Mode", "Enforce");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/7")).StatusCode);
    }

    [Fact]
    public async Task An_account_whose_block_was_only_observed_is_counted_on_and_refused_past_its_limit()
    {
        var configuration = Configure(("Limits:account-10min:Max", "3"));
        await using var portal = await StartAsync(configuration);
        for (var record = 1; record <= 4; record++)
            await portal.GetAsync($"/members/{record}", user: "thief");

        // The observed block lasts an hour, and enforces nothing; what the account takes meanwhile is counted.
        portal.Time.Advance(TimeSpan.FromMinutes(20));
        Edit(configuration, "Mode", "Enforce");
        for (var record = 11; record <= 13; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}", user: "thief")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/14", user: "thief")).StatusCode);
    }

    [Fact]
    public async Task An_enforced_block_of_an_address_holds_for_an_account_whose_own_block_was_only_observed()
    {
        var configuration = Configure(("Limits:account-10min:Max", "2"), ("Limits:address-10min:Max", "2"));
        await using var portal = await StartAsync(configuration);
        for (var record = 1; record <= 3; record++)
            await portal.GetAsync($"/members/{record}", user: "thief");
        portal.Time.Advance(TimeSpan.FromMinutes(20));
        Edit(configuration, "Mode", "Enforce");
        for (var record = 1; record <= 3; record++)
            await portal.GetAsync($"/members/{record}", from: "203.0.113.9");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1", from: "203.0.113.9")).StatusCode);

        // Warned again, the account is one of those whom a block of the address refuses.
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/4", user: "thief")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1", from: "203.0.113.9", user: "thief")).StatusCode);
    }

    [Fact]
    public async Task A_step_up_is_asked_for_although_a_block_was_observed_before()
    {
        var configuration = Configure(("Limits:account-10min:Max", "3"));
        await using var portal = await StartAsync(configuration);
        for (var record = 1; record <= 4; record++)
            await portal.GetAsync($"/members/{record}", user: "thief");

        configuration["ScrapeGuard:StepUp:Path"] = "/confirm";
        Edit(configuration, "Mode", "Enforce");
        Assert.Equal(HttpStatusCode.Forbidden, (await portal.GetAsync("/members/5", user: "thief")).StatusCode);
    }

    [Fact]
    public async Task A_portal_that_goes_back_to_observe_refuses_nobody()
    {
        var configuration = Configure(("Mode", "Enforce"), ("Limits:address-10min:Max", "3"));
        await using var portal = await StartAsync(configuration);
        for (var record = 1; record <= 4; record++)
            await portal.GetAsync($"/members/{record}");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/1")).StatusCode);

        Edit(configuration, "Mode", "Observe");
        Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync("/members/1")).StatusCode);
    }

    [Theory]
    [InlineData("Limits:address-10min:Max", "-1", "ScrapeGuard:Limits:address-10min:Max is '-1'; use 0 to 10000")]
    [InlineData("Limits:address-10min:Max", "many", "ScrapeGuard:Limits:address-10min:Max is 'many'; write a whole number")]
    [InlineData("Mode", "Off", "ScrapeGuard:Mode is 'Off'; use Observe or Enforce")]
    [InlineData("Mood", "Enforce", "ScrapeGuard:Mood is not an option; did you mean Mode?")]
    [InlineData("Pages:x:Path", "members", "ScrapeGuard:Pages:x:Path is 'members'; write a route template that starts with '/'")]
    [InlineData("Address:Exempt:0", "10.0.0.1/8", "ScrapeGuard:Address:Exempt:0 is '10.0.0.1/8'; it has bits beyond its prefix")]
    public async Task An_invalid_edit_is_refused_with_option_value_and_remedy_and_the_old_settings_stay(string option, string value, string problem)
    {
        var configuration = Configure(("Mode", "Enforce"), ("Limits:address-10min:Max", "3"));
        await using var portal = await StartAsync(configuration);
        configuration["ScrapeGuard:Limits:session-10min:Max"] = "1";
        Edit(configuration, option, value);

        Assert.Contains(problem, Assert.Single(portal.Logged(3)), StringComparison.Ordinal);
        for (var record = 1; record <= 3; record++)
            Assert.Equal(HttpStatusCode.OK, (await portal.GetAsync($"/members/{record}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/4")).StatusCode);
    }

    [Fact]
    public async Task A_corrected_edit_takes_effect_after_a_refused_one()
    {
        var configuration = Configure(("Mode", "Enforce"));
        await using var portal = await StartAsync(configuration);
        Edit(configuration, "Limits:address-10min:Max", "-1");
        Edit(configuration, "Limits:address-10min:Max", "1");
        await portal.GetAsync("/members/1");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await portal.GetAsync("/members/2")).StatusCode);
    }

    [Fact]
    public async Task A_changed_key_waits_for_the_next_start_and_says_so()
    {
        var configuration = Configure(("Mode", "Enforce"));
        await using var portal = await StartAsync(configuration);
        var cookie = await SessionAsync(portal);
        Edit(configuration, "Keys:new:Value", Convert.ToBase64String(new byte[32]));
        Assert.Single(portal.Logged(4));
        Assert.False((await portal.GetAsync("/members/1", cookie: cookie)).Headers.Contains("Set-Cookie"));
    }

    private static async Task<string> SessionAsync(PortalUnderTest portal) =>
        (await portal.GetAsync("/members/1")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private static IConfigurationRoot Configure(params (string Option, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"ScrapeGuard:{setting.Option}", (string?)setting.Value))).Build();

    private static Task<PortalUnderTest> StartAsync(IConfigurationRoot configuration) =>
        PortalUnderTest.StartAsync(section: configuration.GetSection("ScrapeGuard"));

    private static void Edit(IConfigurationRoot configuration, string option, string value)
    {
        configuration[$"ScrapeGuard:{option}"] = value;
        configuration.Reload();
    }
}
