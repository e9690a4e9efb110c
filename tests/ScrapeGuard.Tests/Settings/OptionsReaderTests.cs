using System.Globalization;
using System.Text;
using Xunit;

namespace ScrapeGuard.Tests.Settings;

public class OptionsReaderTests
{
    [Fact]
    public void An_absent_section_leaves_every_default()
    {
        var options = Read("{}");

        Assert.Equivalent(new ScrapeGuardOptions(), options, strict: true);
    }

    [Fact]
    public void The_documented_settings_read_to_the_defaults()
    {
        var options = Read("""
            {
              "Mode": "Observe",
              "Keys": {},
              "Pages": {},
              "Limits": {
                "account-10min":  { "Per": "Account", "Count": "Records", "Window": "00:10:00",   "Max": 60,  "Verdict": "StepUp" },
                "account-day":    { "Per": "Account", "Count": "Records", "Window": "1.00:00:00", "Max": 500, "Verdict": "StepUp" },
                "account-misses": { "Per": "Account", "Count": "Misses",  "Window": "00:10:00",   "Max": 20,  "Verdict": "StepUp" },
                "session-10min":  { "Per": "Session", "Count": "Records", "Window": "00:10:00",   "Max": 60,  "Verdict": "StepUp" },
                "address-10min":  { "Per": "Address", "Count": "Records", "Window": "00:10:00",   "Max": 50,  "Verdict": "Block" },
                "address-day":    { "Per": "Address", "Count": "Records", "Window": "1.00:00:00", "Max": 300, "Verdict": "Block" },
                "address-minute": { "Per": "Address", "Count": "Views",   "Window": "00:01:00",   "Max": 120, "Verdict": "Block" },
                "address-misses": { "Per": "Address", "Count": "Misses",  "Window": "00:10:00",   "Max": 20,  "Verdict": "Block" }
              },
              "StepUp":  { "Path": null, "Allowance": 20, "Lifetime": "01:00:00", "MaxPerDay": 3 },
              "Blocks":  { "Duration": "01:00:00", "MaxDuration": "7.00:00:00", "StatusCode": 429, "GracePeriod": "00:10:00" },
              "Address": { "IPv6PrefixLength": 64, "Exempt": [] },
              "Session": { "From": "Cookie" },
              "Account": { "Claim": "sub", "Exempt": [] },
              "Memory":  { "Budget": 67108864 },
              "Redis":   { "Configuration": null, "KeyPrefix": "sg", "Consistency": "Batched", "FlushInterval": "00:00:00.100", "Timeout": "00:00:00.050" },
              "Exposure": { "MaxRecords": 2000 }
            }
            """);

        Assert.Equivalent(new ScrapeGuardOptions(), options, strict: true);
    }

    [Fact]
    public void Every_option_can_be_set()
    {
        var options = Read("""
            {
              "Mode": "Enforce",
              "Keys": { "2026-11": { "Value": "abc=", "From": "2026-11-01" } },
              "Pages": { "show": { "Path": "/members/{id}", "Kind": "member", "Record": "id", "Identity": "Text" } },
              "Limits": { "new": { "Per": "Address", "Count": "Views", "Window": "00:00:30", "Max": 9, "Verdict": "StepUp", "Kind": "member", "Charge": "All" } },
              "StepUp": { "Path": "/confirm", "Allowance": 5, "Lifetime": "00:30:00", "MaxPerDay": 1 },
              "Blocks": { "Duration": "00:20:00", "MaxDuration": "2.00:00:00", "StatusCode": 403, "GracePeriod": "00:00:00" },
              "Address": { "IPv6PrefixLength": 56, "Exempt": [ "192.0.2.7", "10.0.0.0/8" ] },
              "Session": { "From": "Header:X-Session" },
              "Account": { "Claim": "upn", "Exempt": [ "monitoring" ] },
              "Memory": { "Budget": 5368709120 },
              "Redis": { "Configuration": "redis:6379", "KeyPrefix": "portal", "Consistency": "Strict", "FlushInterval": "00:00:00.250", "Timeout": "00:00:01" },
              "Exposure": { "MaxRecords": 100 }
            }
            """);

        Assert.Equal(ScrapeGuardMode.Enforce, options.Mode);
        Assert.Equivalent(new KeyOptions { Value = "abc=", From = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero) }, options.Keys["2026-11"]);
        Assert.Equivalent(
            new PageOptions { Path = "/members/{id}", Kind = "member", Record = "id", Identity = RecordIdentity.Text }, options.Pages["show"]);
        Assert.Equivalent(
            new LimitOptions
            {
                Per = SubjectType.Address,
                Count = CountOf.Views,
                Window = TimeSpan.FromSeconds(30),
                Max = 9,
                Verdict = Verdict.StepUp,
                Kind = "member",
                Charge = ChargedViews.All,
            },
            options.Limits["new"]);
        Assert.Equivalent(new StepUpOptions { Path = "/confirm", Allowance = 5, Lifetime = TimeSpan.FromMinutes(30), MaxPerDay = 1 }, options.StepUp);
        Assert.Equivalent(
            new BlockOptions { Duration = TimeSpan.FromMinutes(20), MaxDuration = TimeSpan.FromDays(2), StatusCode = 403, GracePeriod = TimeSpan.Zero },
            options.Blocks);
        Assert.Equal(56, options.Address.IPv6PrefixLength);
        Assert.Equal(["192.0.2.7", "10.0.0.0/8"], options.Address.Exempt);
        Assert.Equal("Header:X-Session", options.Session.From);
        Assert.Equal("upn", options.Account.Claim);
        Assert.Equal(["monitoring"], options.Account.Exempt);
        Assert.Equal(5L << 30, options.Memory.Budget);
        Assert.Equivalent(
            new RedisOptions
            {
                Configuration = "redis:6379",
                KeyPrefix = "portal",
                Consistency = RedisConsistency.Strict,
                FlushInterval = TimeSpan.FromMilliseconds(250),
                Timeout = TimeSpan.FromSeconds(1),
            },
            options.Redis);
        Assert.Equal(100, options.Exposure.MaxRecords);
    }

    [Fact]
    public void A_limit_of_a_known_name_changes_option_by_option()
    {
        var limit = Read("""{ "Limits": { "ACCOUNT-day": { "Max": 700 } } }""").Limits["account-day"];

        Assert.Equivalent(
            new LimitOptions
            {
                Per = SubjectType.Account,
                Count = CountOf.Records,
                Window = TimeSpan.FromDays(1),
                Max = 700,
                Verdict = Verdict.StepUp,
            },
            limit,
            strict: true);
    }

    [Fact]
    public void A_limit_of_a_new_name_is_added()
    {
        var options = Read("""{ "Limits": { "night": { "Max": 5 } } }""");

        Assert.Equal(9, options.Limits.Count);
        Assert.Equivalent(new LimitOptions { Max = 5 }, options.Limits["night"], strict: true);
    }

    [Fact]
    public void Names_and_words_are_read_in_any_case()
    {
        var options = Read("""{ "mode": "enforce", "LIMITS": { "account-day": { "max": 7, "verdict": "BLOCK" } } }""");

        Assert.Equal(ScrapeGuardMode.Enforce, options.Mode);
        Assert.Equal(7, options.Limits["account-day"].Max);
        Assert.Equal(Verdict.Block, options.Limits["account-day"].Verdict);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void An_optional_text_is_cleared_by_null_and_by_the_empty_text(string json)
    {
        var options = new ScrapeGuardOptions { StepUp = { Path = "/confirm" } };
        options.Limits["account-day"].Kind = "member";

        ScrapeGuardOptionsReader.Read(Section($$"""{ "StepUp": { "Path": {{json}} }, "Limits": { "account-day": { "Kind": {{json}} } } }"""), options);

        Assert.Null(options.StepUp.Path);
        Assert.Null(options.Limits["account-day"].Kind);
    }

    [Theory]
    [InlineData("2026-11-01", "2026-11-01T00:00:00+00:00")]
    [InlineData("2026-11-01T08:30", "2026-11-01T08:30:00+00:00")]
    [InlineData("2026-11-01T08:30:00", "2026-11-01T08:30:00+00:00")]
    [InlineData("2026-11-01T08:30:00.5Z", "2026-11-01T08:30:00.5+00:00")]
    [InlineData("2026-11-01T08:30:00+02:00", "2026-11-01T06:30:00+00:00")]
    public void A_moment_without_an_offset_is_UTC(string text, string expected)
    {
        var options = Read($$"""{ "Keys": { "a": { "From": "{{text}}" } } }""");

        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), options.Keys["a"].From);
    }

    [Theory]
    [InlineData("""{ "Limts": {} }""", "ScrapeGuard:Limts is not an option; did you mean Limits?")]
    [InlineData("""{ "Blocks": { "Duraton": "01:00:00" } }""", "ScrapeGuard:Blocks:Duraton is not an option; did you mean Duration?")]
    [InlineData("""{ "Limits": { "a": { "Maximum": 1 } } }""", "ScrapeGuard:Limits:a:Maximum is not an option; the options here are Per, Count, Window, Max, Verdict")]
    [InlineData("""{ "Session": { "Zzz": 1 } }""", "ScrapeGuard:Session:Zzz is not an option; the options here are From")]
    [InlineData("""{ "Mode": "Enforced" }""", "ScrapeGuard:Mode is 'Enforced'; use Observe or Enforce")]
    [InlineData("""{ "Mode": 1 }""", "ScrapeGuard:Mode is '1'; use Observe or Enforce")]
    [InlineData("""{ "Mode": "" }""", "ScrapeGuard:Mode is ''; use Observe or Enforce")]
    [InlineData("""{ "Mode": "Observe,Enforce" }""", "ScrapeGuard:Mode is 'Observe,Enforce'; use Observe or Enforce")]
    [InlineData("""{ "Mode": { "a": 1 } }""", "ScrapeGuard:Mode has parts; use Observe or Enforce")]
    [InlineData("""{ "Limits": { "a": { "Per": "User" } } }""", "ScrapeGuard:Limits:a:Per is 'User'; use Address, Session or Account")]
    [InlineData("""{ "Limits": { "a": { "Count": "Pages" } } }""", "ScrapeGuard:Limits:a:Count is 'Pages'; use Views, Records or Misses")]
    [InlineData("""{ "Limits": { "a": { "Verdict": "Deny" } } }""", "ScrapeGuard:Limits:a:Verdict is 'Deny'; use StepUp or Block")]
    [InlineData("""{ "Limits": { "a": { "Window": "10 min" } } }""", "ScrapeGuard:Limits:a:Window is '10 min'; write a time span such as 00:10:00")]
    [InlineData("""{ "Limits": { "a": { "Window": "10" } } }""", "ScrapeGuard:Limits:a:Window is '10'; write a time span such as 00:10:00")]
    [InlineData("""{ "Limits": { "a": { "Window": "24:00:00" } } }""", "ScrapeGuard:Limits:a:Window is '24:00:00'; write a time span")]
    [InlineData("""{ "Limits": { "a": { "Window": "99999999.00:00:00" } } }""", "ScrapeGuard:Limits:a:Window is '99999999.00:00:00'; write a time span")]
    [InlineData("""{ "Limits": { "a": { "Max": "NaN" } } }""", "ScrapeGuard:Limits:a:Max is 'NaN'; write a whole number")]
    [InlineData("""{ "Limits": { "a": { "Max": 3000000000 } } }""", "ScrapeGuard:Limits:a:Max is '3000000000'; write a whole number")]
    [InlineData("""{ "Limits": { "account-day": null } }""", "ScrapeGuard:Limits:account-day is empty; give its options, or set Max to 0 to remove it")]
    [InlineData("""{ "Limits": 60 }""", "ScrapeGuard:Limits is a single value; write a section with its options")]
    [InlineData("""{ "Redis": { "Consistency": "Loose" } }""", "ScrapeGuard:Redis:Consistency is 'Loose'; use Batched or Strict")]
    [InlineData("""{ "Keys": { "a": { "From": "11/01/2026" } } }""", "ScrapeGuard:Keys:a:From is '11/01/2026'; write a date such as 2026-11-01")]
    [InlineData("""{ "Address": { "Exempt": "10.0.0.1" } }""", "ScrapeGuard:Address:Exempt is '10.0.0.1'; write a list such as [ \"10.0.0.0/8\" ]")]
    [InlineData("""{ "Account": { "Exempt": { "a": "b" } } }""", "ScrapeGuard:Account:Exempt has named parts; write a list such as")]
    [InlineData("""{ "Signals": { "Pace": { "Sensitivity": "high" } } }""", "ScrapeGuard:Signals:Pace:Sensitivity is 'high'; write a number such as 1.5")]
    [InlineData("""{ "Signals": { "Rotation": { "Verdict": "Never" } } }""", "ScrapeGuard:Signals:Rotation:Verdict is 'Never'; use Off, Allow, StepUp or Block")]
    [InlineData("""{ "Signals": { "Canary": { "Records": { "member": "7" } } } }""", "ScrapeGuard:Signals:Canary:Records:member is '7'; write a list such as [ \"4711\" ]")]
    [InlineData("""{ "Network": {} }""", "ScrapeGuard:Network is not available yet in this version; remove it")]
    [InlineData("""{ "Journal": { "Directory": null } }""", "ScrapeGuard:Journal is not available yet in this version; remove it")]
    [InlineData("""{ "Operations": { "ApiKeys": {} } }""", "ScrapeGuard:Operations is not available yet in this version; remove it")]
    [InlineData("""{ "Redis": { "FlushInterval": "often" } }""", "ScrapeGuard:Redis:FlushInterval is 'often'; write a time span such as 00:10:00")]
    public void What_is_not_understood_is_refused_with_its_path_and_remedy(string json, string expected)
    {
        var failure = Assert.Single(Failures(json));

        Assert.StartsWith(expected, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_variables_are_read_like_files()
    {
        var options = new ScrapeGuardOptions();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SCRAPEGUARD:LIMITS:ACCOUNT-DAY:MAX"] = "0",
            ["SCRAPEGUARD:REDIS:CONFIGURATION"] = "",
            ["SCRAPEGUARD:ADDRESS:EXEMPT:0"] = "192.0.2.7",
        });

        ScrapeGuardOptionsReader.Read(configuration.Build().GetSection("ScrapeGuard"), options);

        Assert.Equal(0, options.Limits["account-day"].Max);
        Assert.Null(options.Redis.Configuration);
        Assert.Equal(["192.0.2.7"], options.Address.Exempt);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var failures = Failures("""{ "Mode": "On", "Limts": {}, "Blocks": { "StatusCode": "many" } }""");

        Assert.Equal(3, failures.Length);
    }

    [Theory]
    [InlineData("""{ "Keys": { "a": "my-secret" } }""")]
    [InlineData("""{ "Keys": "my-secret" }""")]
    [InlineData("""{ "Redis": "redis,password=my-secret" }""")]
    public void A_secret_put_one_level_too_high_is_not_repeated(string json)
    {
        Assert.DoesNotContain("my-secret", Assert.Single(Failures(json)), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_and_times_are_read_alike_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NegativeSign = "~";
        foreign.DateTimeFormat.TimeSeparator = ".";
        CultureInfo.CurrentCulture = foreign;
        try
        {
            var options = Read("""{ "Limits": { "a": { "Max": -1, "Window": "-00:10:00" } }, "Keys": { "k": { "From": "2026-11-01T08:30" } } }""");

            Assert.Equal(-1, options.Limits["a"].Max);
            Assert.Equal(TimeSpan.FromMinutes(-10), options.Limits["a"].Window);
            Assert.Equal(new DateTimeOffset(2026, 11, 1, 8, 30, 0, TimeSpan.Zero), options.Keys["k"].From);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static ScrapeGuardOptions Read(string json)
    {
        var options = new ScrapeGuardOptions();
        ScrapeGuardOptionsReader.Read(Section(json), options);
        return options;
    }

    private static string[] Failures(string json) => [.. Read(json).Misread.Messages];

    private static IConfigurationSection Section(string json) =>
        new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "ScrapeGuard": {{json}} }""")))
            .Build()
            .GetSection("ScrapeGuard");
}
