using System.Text;
using System.Text.Json;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

public sealed class ReplayCommandTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    private readonly ReplayFolder folder = new();
    private readonly LogText log = new(Start);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_scraper_is_blocked_at_its_limit_and_a_person_is_not()
    {
        log.Take("203.0.113.7", from: 1, count: 80).Take("198.51.100.1", from: 1, count: 5, after: 60);

        var result = await ReplayFolder.RunJsonAsync(Written());

        var scraper = ClientOf(result, "203.0.113.7");
        Assert.Equal("Block", scraper.GetProperty("verdict").GetString());
        Assert.Equal("address-10min", scraper.GetProperty("cause").GetString());
        Assert.Equal(Start.AddSeconds(100), scraper.GetProperty("at").GetDateTimeOffset());
        Assert.Equal("Mozilla/5.0", scraper.GetProperty("userAgent").GetString());
        Assert.Equal("80 80 0 50 30", Figures(scraper));
        var person = ClientOf(result, "198.51.100.1");
        Assert.Equal("Allow", person.GetProperty("verdict").GetString());
        Assert.Equal(JsonValueKind.Null, person.GetProperty("cause").ValueKind);
        Assert.Equal(JsonValueKind.Null, person.GetProperty("at").ValueKind);
        Assert.Equal("5 5 0 5 0", Figures(person));
        Assert.Equal((1, 85, 0), (result.GetProperty("files").GetInt32(), result.GetProperty("lines").GetInt32(), result.GetProperty("badLines").GetInt32()));
        Assert.True(result.GetProperty("seconds").GetDouble() >= 0);
    }

    [Fact]
    public async Task The_report_says_it_in_words()
    {
        log.Take("203.0.113.7", from: 1, count: 80).Add("198.51.100.1", "GET /members/1");

        var (output, error, exitCode) = await ReplayFolder.RunAsync(Written());

        Assert.Equal(("", 0), (error, exitCode));
        Assert.Contains("Read 81 lines of 1 file", output, StringComparison.Ordinal);
        Assert.Contains("81 views of display pages by 2 addresses.", output, StringComparison.Ordinal);
        Assert.Contains("1 would have been blocked and 0 stepped up; before that they were shown 50 records, and 30 would have been kept", output, StringComparison.Ordinal);
        Assert.Matches(@"203\.0\.113\.7 +80 +80 +0 +Block +address-10min +2026-11-25 08:01:40 +50 +30 +Mozilla/5\.0", output);
    }

    [Fact]
    public async Task Misses_count_and_other_methods_assets_and_challenges_do_not()
    {
        log.Add("203.0.113.7", "GET /members/1").Add("203.0.113.7", "HEAD /members/2").Add("203.0.113.7", "POST /members/3")
            .Add("203.0.113.7", "GET /site.css").Add("203.0.113.7", "GET /members/4", status: 401).Add("203.0.113.7", "GET /members/5", status: 404)
            .Add("203.0.113.7", "GET /members/6", status: 403).Add("203.0.113.7", "GET /members/7", status: 500).Add("203.0.113.7", "GET /members/8", status: 304);

        Assert.Equal("6 2 2 2 0", Figures(ClientOf(await ReplayFolder.RunJsonAsync(Written()), "203.0.113.7")));
    }

    [Fact]
    public async Task A_challenge_to_sign_in_is_no_view_and_who_got_nothing_else_no_client()
    {
        log.Add("203.0.113.7", "GET /members/1").Add("203.0.113.7", "GET /members/2", status: 401).Add("198.51.100.1", "GET /members/3", status: 401);

        var result = await ReplayFolder.RunJsonAsync(Written());

        Assert.Equal((1, 1), (result.GetProperty("views").GetInt32(), result.GetProperty("addresses").GetInt32()));
        Assert.Equal("1 1 0 1 0", Figures(Assert.Single(result.GetProperty("clients").EnumerateArray())));
    }

    [Fact]
    public async Task Guessing_is_blocked_for_its_misses()
    {
        for (var record = 0; record < 40; record++)
            log.Add("203.0.113.7", $"GET /members/{record}", status: 404);

        var guesser = ClientOf(await ReplayFolder.RunJsonAsync(Written()), "203.0.113.7");

        Assert.Equal("address-misses", guesser.GetProperty("cause").GetString());
        Assert.Equal("40 0 40 0 0", Figures(guesser));
    }

    [Fact]
    public async Task What_is_shown_after_a_block_has_ended_was_not_kept()
    {
        log.Take("203.0.113.7", from: 1, count: 60);
        log.Now = log.Now.AddHours(3);
        log.Take("203.0.113.7", from: 51, count: 5);

        Assert.Equal("65 60 0 50 5", Figures(ClientOf(await ReplayFolder.RunJsonAsync(Written()), "203.0.113.7")));
    }

    [Fact]
    public async Task Rotated_files_are_read_in_the_order_of_their_time_however_they_are_named_and_given()
    {
        log.Take("203.0.113.7", from: 1, count: 80).Take("198.51.100.1", from: 1, count: 5, after: 60);
        var lines = log.Lines.Select(line => line + "\n").ToArray();
        var oldest = folder.AddGzip("access.log.2.gz", string.Concat(lines[..30]));
        var middle = folder.Add("access.log.1", string.Concat(lines[30..70]));
        var newest = folder.Add("access.log", string.Concat(lines[70..]));
        var expected = Clients(await ReplayFolder.RunJsonAsync(Written("whole.log")));

        Assert.Equal(expected, Clients(await ReplayFolder.RunJsonAsync(newest, oldest, middle)));
        Assert.Equal(expected, Clients(await ReplayFolder.RunJsonAsync(middle, newest, oldest)));
    }

    [Fact]
    public async Task Files_that_overlap_are_merged_by_time()
    {
        log.Take("203.0.113.7", from: 1, count: 80);
        var even = folder.Add("node1.log", string.Concat(log.Lines.Where((_, index) => index % 2 == 0).Select(line => line + "\n")));
        var odd = folder.Add("node2.log", string.Concat(log.Lines.Where((_, index) => index % 2 == 1).Select(line => line + "\n")));

        var result = await ReplayFolder.RunJsonAsync(odd, even);

        Assert.Equal("80 80 0 50 30", Figures(ClientOf(result, "203.0.113.7")));
        Assert.Equal((2, 0), (result.GetProperty("files").GetInt32(), result.GetProperty("lateViews").GetInt32()));
    }

    [Fact]
    public async Task Standard_input_is_read_also_compressed()
    {
        log.Take("203.0.113.7", from: 1, count: 60);
        using var input = new MemoryStream(Reading.LineReaderTests.Compressed(log.ToString()));

        var (output, _, exitCode) = await ReplayFolder.RunAsync(["-"], input, TestContext.Current.CancellationToken);

        Assert.Equal(0, exitCode);
        Assert.Contains("Read 60 lines of 1 file", output, StringComparison.Ordinal);
        Assert.Contains("1 would have been blocked", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_lines_are_counted_and_the_first_shown_without_what_a_terminal_obeys()
    {
        log.Add("203.0.113.7", "GET /members/1", userAgent: "\u001b[2Jred");
        var path = folder.Add("access.log", $"one\u001b[31m\n{log}\ntwo\nthree\nfour\nfive\nsix\n");

        var (output, _, exitCode) = await ReplayFolder.RunAsync(path);

        Assert.Equal(0, exitCode);
        Assert.Contains("6 lines could not be understood", output, StringComparison.Ordinal);
        Assert.Contains($"{path}:1: one?[31m", output, StringComparison.Ordinal);
        Assert.Contains($"{path}:7: five", output, StringComparison.Ordinal);
        Assert.DoesNotContain(": six", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Equal(6, (await ReplayFolder.RunJsonAsync(path)).GetProperty("badLines").GetInt32());
    }

    [Fact]
    public async Task A_damaged_file_is_read_up_to_there_and_the_others_are_read()
    {
        log.Take("203.0.113.7", from: 1, count: 60);
        var whole = Reading.LineReaderTests.Compressed(log.ToString());
        byte[] damaged = [.. whole, 0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

        var (output, _, exitCode) = await ReplayFolder.RunAsync(folder.Add("a.gz", damaged), Written());

        Assert.Equal(2, exitCode);
        Assert.Contains("a.gz has damaged gzip data; the figures cover the 60 lines before.", output, StringComparison.Ordinal);
        Assert.Contains("Read 120 lines of 2 files", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzip_file_that_was_cut_is_read_up_to_there_and_says_so()
    {
        log.Take("203.0.113.7", from: 1, count: 60);
        var whole = Reading.LineReaderTests.Compressed(log.ToString());

        var (output, _, exitCode) = await ReplayFolder.RunAsync(folder.Add("a.gz", [.. whole, .. whole[..^4]]));

        Assert.Equal(2, exitCode);
        Assert.Matches("a.gz ends in the middle of its gzip data; the figures cover the [0-9]+ lines before.", output);
        Assert.DoesNotContain("could not be understood", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_but_bad_lines_is_a_failure() =>
        Assert.Equal(1, (await ReplayFolder.RunAsync(folder.Add("access.log", "one\ntwo\n"))).ExitCode);

    [Fact]
    public async Task An_empty_log_is_none() => Assert.Equal(0, (await ReplayFolder.RunAsync(folder.Add("access.log", ""))).ExitCode);

    [Fact]
    public async Task Where_no_display_page_is_found_it_names_the_first_paths()
    {
        log.Take("203.0.113.7", from: 1, count: 9);

        var (output, _, exitCode) = await ReplayFolder.RunAsync(Written(), "--record", "^/patients/(?<record>\\d+)");

        Assert.Equal(0, exitCode);
        Assert.Contains(
            "No display page was found: the first paths were /members/1, /members/2, /members/3, /members/4, /members/5; say with --record", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_says_what_a_record_is()
    {
        for (var tab = 0; tab < 60; tab++)
            log.Add("203.0.113.7", $"GET /members/{tab % 3}?tab={tab}").Add("203.0.113.7", $"GET /help/{tab}");

        var result = await ReplayFolder.RunJsonAsync(Written(), "--record", "^/members/(?<record>\\d+)");

        Assert.Equal("60 3 0 3 0", Figures(ClientOf(result, "203.0.113.7")));
    }

    [Fact]
    public async Task Arguments_that_make_no_sense_are_told_together_before_anything_is_read()
    {
        var config = folder.Add("appsettings.json", """{ "ScrapeGuard": { "Mode": "Enforced", "Blocks": { "Duration": "10" } } }""");

        var (output, error, exitCode) = await ReplayFolder.RunAsync(
            "missing.log", folder.PathOf("."), "--record", "(", "--record", "/x", "--config", config);

        Assert.Equal(("", 1), (output, exitCode));
        Assert.Contains("missing.log does not exist", error, StringComparison.Ordinal);
        Assert.Contains("is a directory", error, StringComparison.Ordinal);
        Assert.Contains("--record '(' is no regular expression", error, StringComparison.Ordinal);
        Assert.Contains("--record '/x' has no group named record", error, StringComparison.Ordinal);
        Assert.Contains("ScrapeGuard:Mode is 'Enforced'; use Observe or Enforce", error, StringComparison.Ordinal);
        Assert.Contains("ScrapeGuard:Blocks:Duration is '10'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_it_says_what_to_name()
    {
        var (_, error, exitCode) = await ReplayFolder.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("name the access logs, or - for standard input", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Logging": {}, "ScrapeGuard": { LIMITS } }""")]
    [InlineData("""{ LIMITS }""")]
    public async Task The_settings_of_the_portal_hold_and_its_keys_and_Redis_are_not_used(string file)
    {
        log.Take("203.0.113.7", from: 1, count: 60);
        var config = folder.Add("appsettings.json", file.Replace(
            "LIMITS",
            """
            // A comment.
            "Keys": { "2026-11": { "Value": "", "From": "2099-01-01" } }, "Redis": { "Configuration": "redis.invalid:6379" },
            "Limits": { "address-10min": { "Max": 20 } }
            """,
            StringComparison.Ordinal));

        var scraper = ClientOf(await ReplayFolder.RunJsonAsync(Written(), "--config", config), "203.0.113.7");

        Assert.Equal("60 60 0 20 40", Figures(scraper));
    }

    [Fact]
    public async Task A_config_that_is_no_JSON_is_refused()
    {
        var (_, error, exitCode) = await ReplayFolder.RunAsync(Written(), "--config", folder.Add("appsettings.json", "{"));

        Assert.Equal(1, exitCode);
        Assert.Contains("appsettings.json cannot be read", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_is_accused_by_its_name_and_its_address_is_not()
    {
        log.Take("203.0.113.7", from: 1, count: 20, user: "ann").Take("203.0.113.7", from: 1, count: 90, user: "bob");

        var result = await ReplayFolder.RunJsonAsync(Written(), "--account", "user");

        Assert.Equal("90 90 0 60 30", Figures(ClientOf(result, "account:bob")));
        Assert.Equal("account-10min", ClientOf(result, "account:bob").GetProperty("cause").GetString());
        Assert.StartsWith("110 90 0 ", Figures(ClientOf(result, "203.0.113.7")), StringComparison.Ordinal);
        Assert.Equal("Allow", ClientOf(result, "203.0.113.7").GetProperty("verdict").GetString());
        Assert.DoesNotContain(Clients(result), client => client.Contains("ann", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signals_stop_a_scraper_long_before_its_limit_and_say_why()
    {
        log.Take("203.0.113.7", from: 1, count: 70);

        var result = await ReplayFolder.RunJsonAsync(Written(), "--config", folder.Add("appsettings.json", "{ }"));

        var scraper = ClientOf(result, "203.0.113.7");
        Assert.Equal(("Block", "AddressPace"), (scraper.GetProperty("verdict").GetString(), scraper.GetProperty("cause").GetString()));
        Assert.InRange(scraper.GetProperty("recordsBefore").GetInt32(), 14, 40);
    }

    [Fact]
    public async Task A_step_up_comes_before_a_block_and_both_are_noted()
    {
        var config = folder.Add("appsettings.json", """
            {
              "StepUp": { "Path": "/confirm" }, "Limits": { "account-misses": { "Verdict": "Block", "Max": 3 } },
              "Signals": { "Pace": { "Verdict": "Off" }, "AddressPace": { "Verdict": "Off" } }
            }
            """);
        log.Take("203.0.113.7", from: 1, count: 70, user: "bob");
        log.Now = log.Now.AddHours(1);
        for (var record = 0; record < 9; record++)
            log.Add("203.0.113.7", $"GET /members/x{record}", status: 404, user: "bob");

        var bob = ClientOf(await ReplayFolder.RunJsonAsync(Written(), "--account", "user", "--config", config), "account:bob");

        Assert.Equal("Block", bob.GetProperty("verdict").GetString());
        Assert.Equal(Start.AddSeconds(120), bob.GetProperty("at").GetDateTimeOffset());
        Assert.Equal("account-10min", bob.GetProperty("stepUp").GetProperty("cause").GetString());
        Assert.Equal("account-misses", bob.GetProperty("block").GetProperty("cause").GetString());
    }

    [Fact]
    public async Task A_field_that_no_line_has_is_told()
    {
        var (output, _, _) = await ReplayFolder.RunAsync(Written("a.log"), folder.Add("b.json", """{"ts":1,"uri":"/a"}"""), "--session", "sid");

        Assert.Contains("No line has the field that --session sid names.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_file_has_its_own_format()
    {
        var ticks = new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        var w3c = new StringBuilder("#Software: Microsoft Internet Information Services 10.0\n#Fields: date time c-ip cs-method cs-uri-stem sc-status\n");
        var json = new StringBuilder();
        for (var record = 0; record < 30; record++)
        {
            w3c.AppendLine($"2026-11-25 08:00:{record:00} 203.0.113.7 GET /members/{record} 200");
            json.AppendLine($$"""{"ts":{{ticks + record}},"remote_addr":"203.0.113.7","request":"GET /members/{{record + 100}} HTTP/1.1","status":200}""");
        }

        var result = await ReplayFolder.RunJsonAsync(folder.Add("u_ex.log", w3c.ToString()), folder.Add("access.json", json.ToString()));

        Assert.Equal("60 60 0 50 10", Figures(ClientOf(result, "203.0.113.7")));
        Assert.Equal(60, result.GetProperty("lines").GetInt32());
    }

    [Fact]
    public async Task A_format_can_be_forced()
    {
        var (output, _, exitCode) = await ReplayFolder.RunAsync(Written(), folder.Add("a.log", "x"), "--format", "json");

        Assert.Equal(1, exitCode);
        Assert.Contains("could not be understood", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_JSON_may_go_to_a_file_beside_the_report()
    {
        log.Take("203.0.113.7", from: 1, count: 3);

        var (output, _, _) = await ReplayFolder.RunAsync(Written(), "--json", folder.PathOf("result.json"));

        Assert.Contains("Nobody would have been stepped up or blocked.", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(folder.PathOf("result.json"), TestContext.Current.CancellationToken));
        Assert.Equal(3, json.RootElement.GetProperty("lines").GetInt32());
    }

    private static string[] Clients(JsonElement result) => [.. result.GetProperty("clients").EnumerateArray().Select(client => client.GetRawText())];

    private static JsonElement ClientOf(JsonElement result, string client) =>
        result.GetProperty("clients").EnumerateArray().Single(entry => entry.GetProperty("client").GetString() == client);

    /// <summary>Views, records, misses, and the records before and after the verdict.</summary>
    private static string Figures(JsonElement client) =>
        string.Join(' ', new[] { "views", "records", "misses", "recordsBefore", "recordsAfter" }.Select(name => client.GetProperty(name).GetInt32()));

    private string Written(string name = "written.log") => folder.Add(name, log.ToString());
}
