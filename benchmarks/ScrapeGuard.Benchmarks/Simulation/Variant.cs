using Microsoft.Extensions.Configuration;
using ScrapeGuard.Detection.Signals;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>One way to guard the site.</summary>
/// <param name="Name">How tables call it.</param>
/// <param name="Configure">Its settings, from the defaults.</param>
internal sealed record Variant(string Name, Action<ScrapeGuardOptions> Configure)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Whether it only slows clients down: who is refused waits and goes on.</summary>
    public bool IsLimiter { get; init; }

    /// <summary>The product first, then what it is compared with.</summary>
    /// <param name="sensitivity">The sensitivity of the product's signals.</param>
    /// <param name="budget">Bytes for tracked subjects: so many that nothing is forgotten.</param>
    /// <param name="settings">The product's settings where they are not the defaults; null for the defaults.</param>
    public static Variant[] All(double sensitivity, long budget, IConfiguration? settings) =>
    [
        new("product", options => Ready(Product(options, sensitivity, settings), budget)),
        new("views per minute", options => ViewsPerMinute(Ready(options, budget))) { IsLimiter = true },
        new("distinct windows", options => WithoutSignals(Ready(options, budget))),
    ];

    public OfflineGuard Start(DateTimeOffset start) => new(Configure, start);

    /// <summary>The most records that accounts, or addresses that nobody signs in from, can be shown in a day; null for no bound.</summary>
    public int? DayBound(int accounts, int addresses, bool passesStepUps)
    {
        var options = new ScrapeGuardOptions();
        Configure(options);
        var per = accounts > 0 ? SubjectType.Account : SubjectType.Address;
        var caps = options.Limits.Values.Where(limit => limit.Per == per && limit.Count == CountOf.Records && limit.Window == Day && limit.Max > 0);
        if (caps.Min(limit => limit.Max) is not { } cap)
            return null;
        cap += passesStepUps && accounts > 0 ? options.StepUp.Allowance * options.StepUp.MaxPerDay : 0;
        foreach (var day in new PaceSignal().Tests(options.Signals).Where(test => test.Per == per && test.Statistic == "day"))
            cap = !passesStepUps ? Math.Min(cap, (int)day.StepUpAt) : day.StepUpAt <= cap ? (int)day.BlockAt : Math.Min(cap, (int)day.BlockAt);
        return (accounts > 0 ? accounts : addresses) * cap;
    }

    private static ScrapeGuardOptions Ready(ScrapeGuardOptions options, long budget)
    {
        // Always the same pseudonyms, so that a seed gives the same result.
        options.Keys.Clear();
        options.Keys["simulation"] = new KeyOptions { Value = Convert.ToBase64String(new byte[32]) };
        options.Redis.Configuration = null;
        options.StepUp.Path = "/confirm";
        options.Memory.Budget = budget;
        return options;
    }

    /// <summary>The defaults, or what the settings say.</summary>
    private static ScrapeGuardOptions Product(ScrapeGuardOptions options, double sensitivity, IConfiguration? settings)
    {
        foreach (var signal in new[] { options.Signals.Pace, options.Signals.AddressPace, options.Signals.Rotation, options.Signals.Sweep })
            signal.Sensitivity = sensitivity;
        if (settings is not null)
            ScrapeGuardOptionsReader.Read(settings, options);
        return options;
    }

    /// <summary>The default limits alone: distinct records in windows, for each address, session and account.</summary>
    private static void WithoutSignals(ScrapeGuardOptions options)
    {
        foreach (var signal in new[] { options.Signals.Pace, options.Signals.AddressPace, options.Signals.Rotation, options.Signals.Sweep })
            signal.Verdict = SignalVerdict.Off;
    }

    /// <summary>A rate limiter as most portals have one: 120 views in a sliding minute for each address, whoever makes them.</summary>
    private static void ViewsPerMinute(ScrapeGuardOptions options)
    {
        WithoutSignals(options);
        options.Limits.Clear();
        options.Limits["views"] = new LimitOptions
        {
            Per = SubjectType.Address,
            Count = CountOf.Views,
            Window = TimeSpan.FromMinutes(1),
            Max = 120,
            Charge = ChargedViews.All,
        };
        options.Blocks.Duration = options.Blocks.MaxDuration = TimeSpan.FromSeconds(1);
    }
}
