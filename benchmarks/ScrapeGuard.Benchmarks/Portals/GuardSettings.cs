using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using ScrapeGuard.Benchmarks.Redis;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>The section <c>ScrapeGuard</c> of a portal under measurement, as appsettings would write it.</summary>
internal sealed class GuardSettings
{
    private static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static readonly string[] RecordLimits = ["account-10min", "account-day", "session-10min", "address-10min", "address-day"];
    private static readonly string[] OtherLimits = ["account-misses", "address-minute", "address-misses"];
    private static readonly string[] Signals = ["Pace", "AddressPace", "Rotation", "Sweep"];

    private readonly Dictionary<string, string?> values = new() { ["Mode"] = "Enforce", ["Keys:benchmark:Value"] = Key };

    private GuardSettings()
    {
    }

    public IConfiguration Section => new ConfigurationBuilder().AddInMemoryCollection(values).Build();

    /// <summary>The same for another process.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Environment =>
        values.Select(pair => KeyValuePair.Create("ScrapeGuard__" + pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value));

    /// <summary>The shipped limits.</summary>
    public static GuardSettings Shipped() => new();

    /// <summary>
    /// The shipped limits and the thresholds of signals raised as far as they go: every view is counted and judged by all of them, none is refused, and
    /// accounts are in good standing, as people's are.
    /// </summary>
    public static GuardSettings Raised()
    {
        const int most = 10_000;
        var settings = new GuardSettings().With("Exposure:MaxRecords", most).LettingSignalsJudge();
        foreach (var limit in RecordLimits)
            settings.With($"Limits:{limit}:Max", most);
        foreach (var limit in OtherLimits)
            settings.With($"Limits:{limit}:Max", 60_000);
        foreach (var signal in Signals)
            settings.With($"Signals:{signal}:Sensitivity", 0.1);
        return settings;
    }

    /// <summary>One limit: so many records per address in ten minutes.</summary>
    public static GuardSettings RecordsPerAddress(int most)
    {
        var settings = new GuardSettings().LettingSignalsJudge();
        foreach (var limit in RecordLimits.Concat(OtherLimits))
            settings.With($"Limits:{limit}:Max", limit == "address-10min" ? most : 0);
        return settings;
    }

    /// <summary>Signals count and judge as ever, and refuse nobody: a client of a benchmark is faster than any person.</summary>
    public GuardSettings LettingSignalsJudge()
    {
        foreach (var signal in Signals)
            With($"Signals:{signal}:Verdict", "Allow");
        return this;
    }

    public GuardSettings With(string name, object value)
    {
        values[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        return this;
    }

    /// <summary>Shares through a Redis under this prefix, in this mode.</summary>
    public GuardSettings Sharing(SharingMode mode, IStartedRedis redis, string prefix) => Sharing(mode, redis.Configuration, prefix);

    public GuardSettings Sharing(SharingMode mode, string redis, string prefix) =>
        mode.Consistency is null ? this : With("Redis:Configuration", redis).With("Redis:KeyPrefix", prefix).With("Redis:Consistency", mode.Consistency);
}
