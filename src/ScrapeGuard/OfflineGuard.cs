using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;

namespace ScrapeGuard;

/// <summary>
/// The guard without a portal: views of a log or a simulation take the same way through enforcement, counting, detection and settling, in the time that they
/// bring along. Not for several threads.
/// </summary>
internal sealed class OfflineGuard : IDisposable
{
    private static readonly long Upkeep = (long)TimeSpan.FromMinutes(10).TotalMilliseconds;

    private readonly OfflineTime time;
    private readonly ServiceProvider services;
    private readonly Guard guard;
    private readonly SubjectCapture capture;
    private readonly BlockCheck check;
    private readonly SubjectTable table;
    private readonly SweepWatch sweeps;
    private readonly GuardedRequest request = new();
    private long tidiedAt;

    /// <param name="configure">Changes the default settings. The mode is Enforce, and there is no Redis, whatever they say.</param>
    /// <param name="start">When the first view comes.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong.</exception>
    public OfflineGuard(Action<ScrapeGuardOptions> configure, DateTimeOffset start)
    {
        time = new OfflineTime(start);
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<IHostEnvironment, NoHost>()
            .AddScrapeGuard(configure)
            .PostConfigure<ScrapeGuardOptions>(options => (options.Mode, options.Redis.Configuration) = (ScrapeGuardMode.Enforce, null))
            .BuildServiceProvider();
        guard = services.GetRequiredService<Guard>();
        capture = services.GetRequiredService<SubjectCapture>();
        check = services.GetRequiredService<BlockCheck>();
        table = services.GetRequiredService<SubjectTable>();
        sweeps = services.GetRequiredService<SweepWatch>();
        Blocks = services.GetRequiredService<BlockList>();
        sweeps.Found += () => SweepsFound++;
        tidiedAt = guard.Clock.Now;
    }

    public BlockList Blocks { get; }

    public Settings Settings => guard.Settings;

    /// <summary>The time of the last view.</summary>
    public DateTimeOffset Now => GuardClock.At(guard.Clock.Now);

    /// <summary>How often a range of ids was found to be swept.</summary>
    public int SweepsFound { get; private set; }

    /// <summary>The subjects tracked.</summary>
    public int Tracked => Enum.GetValues<SubjectType>().Sum(table.CountOf);

    /// <summary>The subjects forgotten for want of memory.</summary>
    public long Evicted => Enum.GetValues<SubjectType>().Sum(table.EvictedOf);

    /// <summary>Lets time pass; it never steps back.</summary>
    public void MoveTo(DateTimeOffset moment)
    {
        time.MoveTo(moment);
        if (guard.Clock.Now - tidiedAt < Upkeep)
            return;
        tidiedAt = guard.Clock.Now;
        Blocks.Forget(Settings.Options.Blocks.MaxDuration);
    }

    /// <summary>Judges a view as a request for it would be judged; one that is let through is settled by its outcome.</summary>
    /// <returns>How it was judged, and whether an earlier block refused it.</returns>
    public (ScrapeGuardAssessment Assessment, bool WasBlocked) View(in OfflineView view)
    {
        Begin(view.Address, view.Account, view.Session);
        if (check.Refuses(request))
            return (request.Assessment, true);
        request.Subjects.Complete();
        var counting = request.CountRecordAsync(view.Kind, view.Record);

        // Without Redis nothing is waited for.
        var assessment = counting.IsCompletedSuccessfully ? counting.Result : counting.AsTask().GetAwaiter().GetResult();
        guard.Settle(request, view.Outcome);
        return (assessment, false);
    }

    /// <summary>Completes a step-up, as the portal's page would; false where the day's are used up.</summary>
    public bool CompleteStepUp(string? account, string? session)
    {
        Begin(null, account, session);
        request.Subjects.Complete();
        return services.GetRequiredService<StepUps>().CompleteAsync(request.Subjects).AsTask().GetAwaiter().GetResult();
    }

    public void Dispose() => services.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Begin(IPAddress? address, string? account, string? session)
    {
        var settings = Settings;
        request.Begin(guard, settings);
        capture.Begin(request.Subjects);
        request.Subjects.Take(
            address is null || settings.IsExempt(address) ? default : AddressInClear.Of(address, settings.Options.Address.IPv6PrefixLength),
            account, account is not null && settings.IsExempt(account), session);
    }

    /// <summary>Time that passes when it is told to.</summary>
    private sealed class OfflineTime(DateTimeOffset start) : TimeProvider
    {
        private DateTimeOffset now = start;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => now;

        public override long GetTimestamp() => now.UtcTicks;

        public void MoveTo(DateTimeOffset moment) => now = moment > now ? moment : now;
    }

    /// <summary>The environment of what runs in no host.</summary>
    private sealed class NoHost : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = nameof(OfflineGuard);

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
