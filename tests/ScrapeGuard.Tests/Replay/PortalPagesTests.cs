using System.Text.Json;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>The pages and kinds that the portal's settings name.</summary>
public sealed class PortalPagesTests : IDisposable
{
    private const string Off = """ "Signals": { "Pace": { "Verdict": "Off" }, "AddressPace": { "Verdict": "Off" }, "Rotation": { "Verdict": "Off" }, "Sweep": { "Verdict": "Off" } CANARY } """;

    private readonly ReplayFolder folder = new();
    private readonly LogText log = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Without_a_pattern_the_pages_of_the_settings_are_the_display_pages()
    {
        for (var number = 1; number <= 20; number++)
        {
            log.Add("203.0.113.7", $"GET /Members/{number}/").Add("203.0.113.7", $"GET /help/{number}").Add("203.0.113.7", "GET /members")
                .Add("203.0.113.7", $"GET /letter?tab=2&id=%4{number % 10}+{number}");
        }

        var result = await RunAsync(""" "Pages": { "m": { "Path": "/members/{id}", "Kind": "member", "Record": "id" }, "l": { "Path": "/letter", "Kind": "letter", "Record": "id" }, "all": { "Path": "/members", "Kind": "list" } } """);

        Assert.Equal((60, 40), (result.GetProperty("views").GetInt32(), Client(result).GetProperty("records").GetInt32()));
    }

    [Fact]
    public async Task A_limit_of_a_kind_holds_for_the_pages_of_that_kind()
    {
        log.Take("203.0.113.7", from: 1, count: 40);

        var client = Client(await RunAsync("""
            "Pages": { "m": { "Path": "/members/{id}", "Kind": "members", "Record": "id" } },
            "Limits": { "mine": { "Per": "Address", "Count": "Records", "Window": "00:10:00", "Max": 20, "Kind": "members" } }
            """));

        Assert.Equal(("mine", 20), (client.GetProperty("cause").GetString(), client.GetProperty("recordsBefore").GetInt32()));
    }

    [Fact]
    public async Task A_pattern_goes_before_the_pages_of_the_settings()
    {
        log.Take("203.0.113.7", from: 1, count: 5).Add("203.0.113.7", "GET /help/1");

        var result = await RunAsync(""" "Pages": { "m": { "Path": "/members/{id}", "Kind": "members", "Record": "id" } } """, "--record", "^/help/(?<record>.+)");

        Assert.Equal(1, result.GetProperty("views").GetInt32());
    }

    [Theory]
    [InlineData(""" "Limits": { "mine": { "Per": "Address", "Count": "Records", "Window": "00:10:00", "Max": 20, "Kind": "members" } } """, "", "Limits:mine")]
    [InlineData(""" "Limits": { } """, """, "Canary": { "Records": { "members": [ "7" ] } }""", "Signals:Canary:Records:members")]
    public async Task What_holds_for_a_kind_that_no_page_is_of_is_told(string settings, string canary, string option)
    {
        log.Take("203.0.113.7", from: 1, count: 40);
        var config = folder.Add("appsettings.json", $"{{ {settings}, {Off.Replace("CANARY", canary, StringComparison.Ordinal)} }}");
        var path = folder.Add("access.log", log.ToString());

        var (output, _, _) = await ReplayFolder.RunAsync(path, "--config", config, "--record", "^/members/(?<record>.+)");
        var (named, _, _) = await ReplayFolder.RunAsync(path, "--config", config, "--record", "^/(?<kind>members)/(?<record>.+)");

        Assert.Contains($"{option} did nothing: no display page is of kind 'members', but of record. Name it by a group kind in --record", output, StringComparison.Ordinal);
        Assert.DoesNotContain("did nothing", named, StringComparison.Ordinal);
        Assert.Contains("1 would have been blocked", named, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counting_up_is_seen_only_where_the_record_is_a_number()
    {
        log.Take("203.0.113.7", from: 1, count: 59, after: 1);
        string[] command = [folder.Add("access.log", log.ToString()), "--config", folder.Add("appsettings.json", "{ }")];

        var (paths, numbers) = (Client(await ReplayFolder.RunJsonAsync(command)), Client(await ReplayFolder.RunJsonAsync([.. command, "--record", "^/members/(?<record>.+)"])));

        Assert.InRange(numbers.GetProperty("recordsBefore").GetInt32(), 1, paths.GetProperty("recordsBefore").GetInt32() - 10);
    }

    private static JsonElement Client(JsonElement result) => result.GetProperty("clients").EnumerateArray().Single();

    private Task<JsonElement> RunAsync(string settings, params string[] arguments) => ReplayFolder.RunJsonAsync(
    [
        folder.Add("access.log", log.ToString()), "--config",
        folder.Add("appsettings.json", $"{{ {settings}, {Off.Replace("CANARY", "", StringComparison.Ordinal)} }}"), .. arguments,
    ]);
}
