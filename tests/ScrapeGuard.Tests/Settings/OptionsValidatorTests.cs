using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ScrapeGuard.Tests.Settings;

public class OptionsValidatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, Action<ScrapeGuardOptions>, string, string, string> BadSettings => new()
    {
        { "unknown mode", o => o.Mode = (ScrapeGuardMode)7, "Mode", "'7'", "use Observe or Enforce" },

        { "no subject", o => Day(o).Per = null, "Limits:account-day:Per", "missing", "use Address, Session or Account" },
        { "unknown subject", o => Day(o).Per = (SubjectType)9, "Limits:account-day:Per", "'9'", "use Address, Session or Account" },
        { "no count", o => Day(o).Count = null, "Limits:account-day:Count", "missing", "use Views, Records or Misses" },
        { "no max", o => Day(o).Max = null, "Limits:account-day:Max", "missing", "use 0 to 10000" },
        { "negative max", o => Day(o).Max = -1, "Limits:account-day:Max", "'-1'", "use 0 to 10000 for Records, all of which are remembered; 0 removes the limit" },
        { "large max", o => Views(o).Max = 60_001, "Limits:views:Max", "'60001'", "use 0 to 60000" },
        { "no window", o => Day(o).Window = null, "Limits:account-day:Window", "missing", "use 00:00:01 to 1.00:00:00" },
        { "zero window", o => Day(o).Window = TimeSpan.Zero, "Limits:account-day:Window", "'00:00:00'", "use 00:00:01" },
        { "least window", o => Day(o).Window = TimeSpan.MinValue, "Limits:account-day:Window", "'-10675199.02:48:05.4775808'", "use 00:00:01" },
        { "two days of records", o => Day(o).Window = TimeSpan.FromDays(2), "Limits:account-day:Window", "'2.00:00:00'", "to 1.00:00:00 for Records" },
        { "31 days of views", o => Views(o).Window = TimeSpan.FromDays(31), "Limits:views:Window", "'31.00:00:00'", "to 30.00:00:00" },
        { "verdict Allow", o => Day(o).Verdict = Verdict.Allow, "Limits:account-day:Verdict", "'Allow'", "set Max to 0 to remove a limit" },
        { "unknown verdict", o => Day(o).Verdict = (Verdict)8, "Limits:account-day:Verdict", "'8'", "use StepUp or Block" },
        { "charge of an account", o => Day(o).Charge = ChargedViews.All, "Limits:account-day:Charge", "'All'", "only a limit per Address" },
        { "blank kind of a limit", o => Day(o).Kind = " ", "Limits:account-day:Kind", "' '", "name a kind of record" },
        { "null limit", o => o.Limits["x"] = null!, "Limits:x", "missing", "set Max to 0" },
        { "bad name of a limit", o => o.Limits["a b"] = new() { Max = 0 }, "Limits:a b", "not allowed", "use 1 to 64 letters" },
        { "long name of a limit", o => o.Limits[new('a', 65)] = new() { Max = 0 }, "Limits:aaa", "not allowed", "use 1 to 64 letters" },
        { "misspelt limit", o => o.Limits["acount-10min"] = new() { Max = 40 }, "Limits:acount-10min", "changes no limit", "did you mean 'account-10min'?" },
        { "unknown limit", o => o.Limits["zz"] = new() { Max = 40 }, "Limits:zz", "the limits here are account-10min, account-day", "needs Per, Count, Window and Max" },
        { "misspelt removal", o => o.Limits["Adress-day"] = new() { Max = 0 }, "Limits:Adress-day", "removes no limit", "did you mean 'address-day'?" },
        { "13 windows", o => AddWindows(o, 12), "Limits", "13 different", "keep at most 12" },

        { "null key", o => o.Keys["a"] = null!, "Keys:a:Value", "missing", "scrapeguard new-key" },
        { "null value", o => o.Keys["a"] = new() { Value = null! }, "Keys:a:Value", "missing", "scrapeguard new-key" },
        { "no base64", o => o.Keys["a"] = new() { Value = "%%" }, "Keys:a:Value", "not base64", "scrapeguard new-key" },
        { "short key", o => o.Keys["a"] = Key(1, bytes: 31), "Keys:a:Value", "31 bytes", "make one with `scrapeguard new-key`" },
        { "bad name of a key", o => o.Keys["a/b"] = Key(1), "Keys:a/b", "not allowed", "use 1 to 64 letters" },
        { "no current key", AddFutureKeys, "Keys:a:From", "'2026-11-25T00:00:00Z'", "earliest" },
        { "same From", o => (o.Keys["a"], o.Keys["b"]) = (Key(1), Key(2)), "Keys", "same From for a and b", "give each key its own" },
        { "same value", o => (o.Keys["a"], o.Keys["b"]) = (Key(1), Key(1, Now.AddDays(-1))), "Keys", "same Value for a and b", "remove all but one" },
        { "Redis without keys", o => o.Redis.Configuration = "redis:6379", "Keys", "nodes cannot agree", "rand -base64 32`, keep it in a vault" },

        { "null page", o => o.Pages["p"] = null!, "Pages:p", "missing", "give its Path and Kind" },
        { "null path", o => Page(o).Path = null!, "Pages:p:Path", "missing", "starts with '/'" },
        { "relative path", o => Page(o).Path = "members/{id}", "Pages:p:Path", "'members/{id}'", "starts with '/'" },
        { "broken template", o => Page(o).Path = "/members/{id", "Pages:p:Path", "'/members/{id'", "correct the route template" },
        { "no kind", o => Page(o).Kind = null!, "Pages:p:Kind", "missing", "use 1 to 64 letters" },
        { "spaced kind", o => Page(o).Kind = "a member", "Pages:p:Kind", "'a member'", "use 1 to 64 letters" },
        { "blank record", o => Page(o).Record = "", "Pages:p:Record", "''", "leave it out" },
        { "unknown identity", o => Page(o).Identity = (RecordIdentity)5, "Pages:p:Identity", "'5'", "use Canonical or Text" },

        { "numb signal", o => o.Signals.Pace.Sensitivity = 0.09, "Signals:Pace:Sensitivity", "'0.09'", "use 0.1 to 10" },
        { "nervous signal", o => o.Signals.AddressPace.Sensitivity = 10.5, "Signals:AddressPace:Sensitivity", "'10.5'", "use 0.1 to 10" },
        { "negative sensitivity", o => o.Signals.Rotation.Sensitivity = -1, "Signals:Rotation:Sensitivity", "'-1'", "use 0.1 to 10" },
        { "sensitivity that is no number", o => o.Signals.Sweep.Sensitivity = double.NaN, "Signals:Sweep:Sensitivity", "'NaN'", "use 0.1 to 10" },
        { "unknown verdict of a signal", o => o.Signals.Pace.Verdict = (SignalVerdict)9, "Signals:Pace:Verdict", "'9'", "use Off, Allow, StepUp or Block" },
        { "step-up of an address", o => o.Signals.AddressPace.Verdict = SignalVerdict.StepUp, "Signals:AddressPace:Verdict", "'StepUp'", "use Off, Allow or Block" },
        { "step-up of newcomers", o => o.Signals.Rotation.Verdict = SignalVerdict.StepUp, "Signals:Rotation:Verdict", "'StepUp'", "use Off, Allow or Block" },
        { "unknown verdict of canaries", o => o.Signals.Canary.Verdict = (SignalVerdict)9, "Signals:Canary:Verdict", "'9'", "use Off, Allow, StepUp or Block" },
        { "canaries of no kind", o => o.Signals.Canary.Records["a b"] = ["1"], "Signals:Canary:Records:a b", "no kind of record", "use 1 to 64 letters" },
        { "null canaries", o => o.Signals.Canary.Records["member"] = null!, "Signals:Canary:Records:member", "empty", "list ids that exist for nobody" },
        { "blank canary", o => o.Signals.Canary.Records["member"] = ["1", " "], "Signals:Canary:Records:member", "an empty id", "remove it" },
        { "1001 canaries", o => o.Signals.Canary.Records["member"] = Canaries(1001), "Signals:Canary:Records:member", "'1001'", "list at most 1000 ids" },

        { "path of another site", o => o.StepUp.Path = "//elsewhere", "StepUp:Path", "'//elsewhere'", "single '/'" },
        { "backslash path", o => o.StepUp.Path = "/\\elsewhere", "StepUp:Path", "'/\\elsewhere'", "single '/'" },
        { "path with a tab", o => o.StepUp.Path = "/\t/elsewhere", "StepUp:Path", "elsewhere'", "single '/'" },
        { "absolute path", o => o.StepUp.Path = "https://elsewhere", "StepUp:Path", "'https://elsewhere'", "single '/'" },
        { "empty path", o => o.StepUp.Path = "", "StepUp:Path", "''", "leave it out" },
        { "no allowance", o => o.StepUp.Allowance = 0, "StepUp:Allowance", "'0'", "use 1 to 10000" },
        { "negative lifetime", o => o.StepUp.Lifetime = -TimeSpan.FromHours(1), "StepUp:Lifetime", "'-01:00:00'", "use 00:00:01 to 30.00:00:00" },
        { "too often", o => o.StepUp.MaxPerDay = 101, "StepUp:MaxPerDay", "'101'", "use 1 to 100" },

        { "negative block", o => o.Blocks.Duration = -TimeSpan.FromHours(1), "Blocks:Duration", "'-01:00:00'", "use 00:00:01" },
        { "longest block", o => o.Blocks.Duration = TimeSpan.FromDays(8), "Blocks:Duration", "'8.00:00:00'", "at most Blocks:MaxDuration, 7.00:00:00" },
        { "endless block", o => o.Blocks.MaxDuration = TimeSpan.MaxValue, "Blocks:MaxDuration", "'10675199.", "to 365.00:00:00" },
        { "status 200", o => o.Blocks.StatusCode = 200, "Blocks:StatusCode", "'200'", "use 400 to 599" },
        { "negative grace", o => o.Blocks.GracePeriod = TimeSpan.FromTicks(-1), "Blocks:GracePeriod", "'-00:00:00.0000001'", "use 00:00:00 to 7.00:00:00" },

        { "wide prefix", o => o.Address.IPv6PrefixLength = 31, "Address:IPv6PrefixLength", "'31'", "use 32 to 128" },
        { "null exemption", o => o.Address.Exempt.Add(null!), "Address:Exempt:0", "missing", "write an address such as" },
        { "host name", o => o.Address.Exempt.Add("localhost"), "Address:Exempt:0", "'localhost'", "write an address such as" },
        { "short address", o => o.Address.Exempt.Add("10.1"), "Address:Exempt:0", "'10.1'", "all four numbers" },
        { "octal address", o => o.Address.Exempt.Add("010.0.0.1"), "Address:Exempt:0", "'010.0.0.1'", "without leading zeros" },
        { "mapped address", o => o.Address.Exempt.Add("::ffff:10.0.0.1"), "Address:Exempt:0", "'::ffff:10.0.0.1'", "10.0.0.1" },
        { "scoped address", o => o.Address.Exempt.Add("fe80::1%3"), "Address:Exempt:0", "'fe80::1%3'", "leave out the scope" },
        { "long prefix", o => o.Address.Exempt.Add("10.0.0.0/33"), "Address:Exempt:0", "'10.0.0.0/33'", "a network such as" },
        { "host bits", o => o.Address.Exempt.Add("10.1.2.3/8"), "Address:Exempt:0", "'10.1.2.3/8'", "write 10.0.0.0/8 for that network" },
        { "null source", o => o.Session.From = null!, "Session:From", "missing", "use Cookie, Claim:TYPE" },
        { "unknown source", o => o.Session.From = "Query:s", "Session:From", "'Query:s'", "use Cookie, Claim:TYPE" },
        { "empty claim type", o => o.Session.From = "Claim:", "Session:From", "'Claim:'", "with a valid name" },
        { "empty cookie name", o => o.Session.From = "Cookie:", "Session:From", "'Cookie:'", "with a valid name" },
        { "spaced header name", o => o.Session.From = "Header:X Y", "Session:From", "'Header:X Y'", "with a valid name" },
        { "no claim", o => o.Account.Claim = null!, "Account:Claim", "missing", "name a claim" },
        { "blank account", o => o.Account.Exempt.Add(" "), "Account:Exempt:0", "' '", "name an account" },

        { "small budget", o => o.Memory.Budget = (1 << 20) - 1, "Memory:Budget", "'1048575'", "use 1048576 to 68719476736 bytes" },
        { "no prefix", o => o.Redis.KeyPrefix = null!, "Redis:KeyPrefix", "missing", "use 1 to 32" },
        { "braces", o => o.Redis.KeyPrefix = "{sg}", "Redis:KeyPrefix", "'{sg}'", "use 1 to 32" },
        { "flush interval", o => o.Redis.FlushInterval = TimeSpan.Zero, "Redis:FlushInterval", "'00:00:00'", "00:00:00.010" },
        { "unknown consistency", o => o.Redis.Consistency = (RedisConsistency)4, "Redis:Consistency", "'4'", "use Batched or Strict" },
        { "no timeout", o => o.Redis.Timeout = TimeSpan.Zero, "Redis:Timeout", "'00:00:00'", "use 00:00:00.0010000 to 00:00:10" },
        { "endless timeout", o => o.Redis.Timeout = Timeout.InfiniteTimeSpan, "Redis:Timeout", "'-00:00:00.0010000'", "to 00:00:10" },

        { "little exposure", o => LimitNothing(o).Exposure.MaxRecords = 99, "Exposure:MaxRecords", "'99'", "use 100 to 10000" },
        { "exposure below a limit", o => Day(o).Max = 2001, "Exposure:MaxRecords", "'2000'", "at least 2001, the Max of Limits:account-day" },
    };

    [Fact]
    public void The_defaults_are_valid() => Assert.True(Validate(new()).Succeeded);

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void A_bad_setting_is_refused_with_its_name_value_and_remedy(
        string what, Action<ScrapeGuardOptions> spoil, string option, string value, string remedy)
    {
        var options = new ScrapeGuardOptions();
        spoil(options);

        var result = Validate(options);

        Assert.True(result.Failed, what);
        var failure = Assert.Single(result.Failures);
        Assert.StartsWith($"ScrapeGuard:{option}", failure, StringComparison.Ordinal);
        Assert.Contains(value, failure, StringComparison.Ordinal);
        Assert.Contains(remedy, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_window_is_refused_with_its_name_value_and_remedy()
    {
        var options = new ScrapeGuardOptions();
        Views(options).Window = TimeSpan.FromMinutes(-10);

        Assert.Equal(["ScrapeGuard:Limits:views:Window is '-00:10:00'; use 00:00:01 to 30.00:00:00"], Validate(options).Failures);
    }

    [Fact]
    public void A_limit_with_a_max_of_zero_needs_nothing_else()
    {
        var options = new ScrapeGuardOptions { Limits = { ["gone"] = new() { Max = 0 } } };
        Day(options).Max = 0;

        Assert.True(Validate(options).Succeeded);
    }

    [Fact]
    public void All_limits_may_be_removed()
    {
        var options = new ScrapeGuardOptions();
        options.Limits.Clear();

        Assert.True(Validate(options).Succeeded);
    }

    [Fact]
    public void Twelve_windows_per_subject_are_allowed_and_equal_ones_count_once()
    {
        var options = new ScrapeGuardOptions();
        AddWindows(options, 11);
        options.Limits["again"] = new() { Per = SubjectType.Session, Count = CountOf.Records, Window = TimeSpan.FromMinutes(10), Max = 5 };

        Assert.True(Validate(options).Succeeded);
    }

    [Theory]
    [InlineData(0.1, SignalVerdict.StepUp)]
    [InlineData(10, SignalVerdict.Off)]
    public void A_signal_may_be_as_sensitive_and_do_as_much_as_its_subjects_allow(double sensitivity, SignalVerdict verdict)
    {
        var options = new ScrapeGuardOptions();
        (options.Signals.Pace.Sensitivity, options.Signals.Rotation.Sensitivity) = (sensitivity, sensitivity);
        (options.Signals.Pace.Verdict, options.Signals.Sweep.Verdict, options.Signals.Canary.Verdict) = (verdict, verdict, verdict);
        (options.Signals.AddressPace.Verdict, options.Signals.Rotation.Verdict) = (SignalVerdict.Allow, SignalVerdict.Off);
        options.Signals.Canary.Records["member"] = Canaries(1000);

        Assert.True(Validate(options).Succeeded);
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    [InlineData("Staging", false)]
    public void Only_in_Development_Redis_may_be_used_without_keys(string environment, bool valid)
    {
        var options = new ScrapeGuardOptions { Redis = { Configuration = "localhost" } };

        Assert.Equal(valid, Validate(options, environment).Succeeded);
    }

    [Fact]
    public void Redis_with_a_current_key_and_one_for_later_is_valid()
    {
        var options = new ScrapeGuardOptions
        {
            Redis = { Configuration = "redis:6379,ssl=true,password=a" },
            Keys = { ["2026-11"] = Key(1, Now), ["2026-12"] = Key(2, Now.AddDays(7)) },
        };

        Assert.True(Validate(options).Succeeded);
    }

    [Theory]
    [InlineData("", "is not understood")]
    [InlineData(" ", "is not understood")]
    [InlineData(",", "names no endpoint")]
    [InlineData("redis,password=my-secret,my-secret=x", "is not understood")]
    [InlineData("redis:99999,password=my-secret", "is not understood")]
    [InlineData("redis,password=my-secret,tunnel=x", "is not understood")]
    [InlineData("ssl=my-secret", "is not understood")]
    public void A_Redis_configuration_that_does_not_parse_is_refused_and_not_repeated(string configuration, string problem)
    {
        var failure = Assert.Single(Validate(new() { Redis = { Configuration = configuration } }, "Development").Failures!);

        Assert.StartsWith($"ScrapeGuard:Redis:Configuration {problem}; write HOST:PORT", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("my-secret", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void No_message_repeats_the_value_of_a_key()
    {
        const string secret = "my-secret-that-is-no-base64";
        var options = new ScrapeGuardOptions { Keys = { ["a"] = new() { Value = secret }, ["b"] = new() { Value = secret } } };

        Assert.DoesNotContain(secret, Validate(options).FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("10.0.0.0/8")]
    [InlineData("2001:DB8::1")]
    [InlineData("2001:db8::/32")]
    public void Addresses_and_networks_may_be_exempt(string entry) =>
        Assert.True(Validate(new() { Address = { Exempt = { entry } } }).Succeeded);

    [Theory]
    [InlineData("Cookie")]
    [InlineData("Claim:http://schemas.example/sid")]
    [InlineData("Cookie:__Host-session")]
    [InlineData("Header:X-Session")]
    public void A_session_may_come_from_a_cookie_a_claim_or_a_header(string from) =>
        Assert.True(Validate(new() { Session = { From = from } }).Succeeded);

    private static ValidateOptionsResult Validate(ScrapeGuardOptions options, string environment = "Production") =>
        new ScrapeGuardOptionsValidator(new HostingEnvironment { EnvironmentName = environment }, new FakeTimeProvider(Now)).Validate(null, options);

    private static ScrapeGuardOptions LimitNothing(ScrapeGuardOptions options)
    {
        options.Limits.Clear();
        return options;
    }

    private static IList<string> Canaries(int number) => [.. Enumerable.Range(1, number).Select(id => $"{id}")];

    private static LimitOptions Day(ScrapeGuardOptions options) => options.Limits["account-day"];

    private static LimitOptions Views(ScrapeGuardOptions options) =>
        options.Limits["views"] = new() { Per = SubjectType.Account, Count = CountOf.Views, Window = TimeSpan.FromMinutes(1), Max = 100 };

    private static PageOptions Page(ScrapeGuardOptions options) => options.Pages["p"] = new() { Path = "/members/{id}", Kind = "member", Record = "id" };

    private static KeyOptions Key(byte fill, DateTimeOffset from = default, int bytes = 32) =>
        new() { Value = Convert.ToBase64String(Enumerable.Repeat(fill, bytes).ToArray()), From = from };

    private static void AddFutureKeys(ScrapeGuardOptions options)
    {
        options.Keys["b"] = Key(1, new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        options.Keys["a"] = Key(2, new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero));
    }

    // Beside the one window that sessions have by default.
    private static void AddWindows(ScrapeGuardOptions options, int number)
    {
        for (var i = 1; i <= number; i++)
            options.Limits[$"session-{i}"] = new() { Per = SubjectType.Session, Count = CountOf.Views, Window = TimeSpan.FromMinutes(i), Max = 100 };
    }
}
