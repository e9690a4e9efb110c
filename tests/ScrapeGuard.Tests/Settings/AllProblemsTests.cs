using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace ScrapeGuard.Tests.Settings;

/// <summary>What the reader does not understand and what the validator refuses is told together, and each once.</summary>
public class AllProblemsTests
{
    [Fact]
    public async Task A_start_tells_what_is_not_understood_and_what_is_out_of_range_together()
    {
        using var host = Build("""{ "Mode": "On", "Limts": {}, "Blocks": { "StatusCode": 200 }, "Limits": { "acount-10min": { "Max": 40 } } }""");

        var problem = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(
            [
                "ScrapeGuard:Mode is 'On'; use Observe or Enforce",
                "ScrapeGuard:Limts is not an option; did you mean Limits?",
                "ScrapeGuard:Limits:acount-10min changes no limit; did you mean 'account-10min'? A new limit needs Per, Count, Window and Max",
                "ScrapeGuard:Blocks:StatusCode is '200'; use 400 to 599",
            ],
            problem.Failures);
    }

    [Theory]
    [InlineData("""{ "Limits": { "account-day": { "Max": "fifty", "Window": "2.00:00:00" } } }""", "Max is 'fifty'", "Window is '2.00:00:00'")]
    [InlineData("""{ "Limits": { "mine": { "Per": "User", "Count": "Views", "Window": "00:01:00" } } }""", "Per is 'User'", "Max is missing")]
    [InlineData("""{ "Limits": { "mine": { "Per": "Adress", "Count": "Views", "Window": "00:01:00", "Max": 5, "Charge": "All" } } }""", "Per is 'Adress'")]
    [InlineData("""{ "LIMITS": { "MINE": { "PER": "User", "Max": 4 } } }""", "PER is 'User'", "Count is missing", "Window is missing")]
    [InlineData("""{ "Exposure": { "MaxRecords": "many" }, "Limits": { "account-day": { "Max": 3000 } } }""", "MaxRecords is 'many'")]
    [InlineData("""{ "Redis": "redis:6379", "Memory": { "Budget": 5 } }""", "Redis is a single value", "Budget is '5'")]
    public void What_is_not_understood_is_not_judged_by_the_default_in_its_place(string json, params string[] expected)
    {
        using var host = Build(json);

        var problem = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<ScrapeGuardOptions>>().Value);

        Assert.Equal(expected.Length, problem.Failures.Count());
        Assert.All(expected.Zip(problem.Failures), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void A_section_of_another_place_is_read_alike()
    {
        using var host = Build("""{ "Security": { "Guard": { "Blocks": { "StatusCode": "many" }, "StepUp": { "MaxPerDay": 0 } } } }""", "ScrapeGuard:Security:Guard");

        var problem = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<ScrapeGuardOptions>>().Value);

        Assert.Equal(2, problem.Failures.Count());
    }

    private static IHost Build(string json, string section = "ScrapeGuard")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "ScrapeGuard": {{json}} }""")));
        builder.Services.AddScrapeGuard(builder.Configuration.GetSection(section));
        return builder.Build();
    }
}
