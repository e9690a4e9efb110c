using System.Net;
using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Benchmarks.Portals;

namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>
/// What middleware adds to a request, counting in process with the shipped limits. Each client has an address, a session and an account, and comes back
/// every twenty seconds, or every half hour for a novel record, of a clock that moves with the views.
/// </summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private const int Operations = 1_024;
    private const int Clients = 20_000;
    private const int ViewsBefore = 4;

    private static readonly TimeSpan AtWork = TimeSpan.FromSeconds(20) / Clients;

    // Novel records every twenty seconds would soon be past a limit.
    private static readonly TimeSpan Seldom = TimeSpan.FromMinutes(30) / Clients;

    private readonly SteppingClock clock = new();
    private PortalClient[] clients = null!;
    private PortalNode node = null!;
    private Crew crew = null!;
    private TimeSpan betweenViews = AtWork;
    private int[] visits = [];

    /// <summary>How many requests are under way at once.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>The page alone.</summary>
    [GlobalSetup(Target = nameof(Bare))]
    public void SetUpBare() => SetUp(new PortalPlan(), PortalClient.Professional);

    /// <summary>The framework's middleware instead.</summary>
    [GlobalSetup(Target = nameof(FrameworkRateLimiting))]
    public void SetUpFramework()
    {
        var plan = new PortalPlan { Services = services => services.AddRateLimiter(LimitAddresses), Middleware = app => app.UseRateLimiter() };
        SetUp(plan, PortalClient.Professional);
    }

    /// <summary>A page that shows no records.</summary>
    [GlobalSetup(Target = nameof(NoDisplayPage))]
    public void SetUpNoDisplayPage() =>
        SetUp(new PortalPlan { Guard = GuardSettings.Shipped(), Time = clock, IsDisplayPage = false }, PortalClient.Professional);

    /// <summary>A display page.</summary>
    [GlobalSetup(Target = nameof(Revisit))]
    public void SetUpGuarded() => SetUp(new PortalPlan { Guard = GuardSettings.Shipped(), Time = clock }, PortalClient.Professional);

    /// <summary>A display page, of which every view shows another record.</summary>
    [GlobalSetup(Target = nameof(NovelRecord))]
    public void SetUpNovel()
    {
        visits = new int[Clients];
        betweenViews = Seldom;
        SetUpGuarded();
    }

    /// <summary>A display page, seen by clients without an account, who keep no cookie.</summary>
    [GlobalSetup(Target = nameof(StrangersRevisit))]
    public void SetUpStrangers() => SetUp(new PortalPlan { Guard = GuardSettings.Shipped(), Time = clock }, PortalClient.Stranger);

    /// <summary>A display page whose scraper has just been blocked.</summary>
    [GlobalSetup(Target = nameof(Blocked))]
    public void SetUpBlocked()
    {
        SetUpStrangers();
        for (var record = 0; View(0, record) == StatusCodes.Status200OK; record++)
        {
            if (record > 1_000)
                throw new InvalidOperationException("A thousand records in no time block nobody, so this measures something else.");
        }
    }

    /// <summary>Stops the portal.</summary>
    [GlobalCleanup]
    public void CleanUp() => node.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Routing and a page that writes nothing: the measure.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void Bare() => RunAllowed(static client => client);

    /// <summary>The framework's rate limiting: a sliding window of 12 segments per address.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void FrameworkRateLimiting() => RunAllowed(static client => client);

    /// <summary>ScrapeGuard, on a page that it has nothing to do with.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void NoDisplayPage() => RunAllowed(static client => client);

    /// <summary>ScrapeGuard, for a record that the client was shown before.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Revisit() => RunAllowed(static client => client);

    /// <summary>ScrapeGuard, for a record that the client has not been shown within a day: after 200 others the first comes again, days later.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void NovelRecord() => RunAllowed(client => client + (500 * ++visits[client]));

    /// <summary>ScrapeGuard, for a client without account and cookies: each page issues a session.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void StrangersRevisit() => RunAllowed(static client => client);

    /// <summary>ScrapeGuard, for an address that is blocked.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void Blocked() => crew.Run(Operations, (_, view) => Expect(View(0, view), StatusCodes.Status429TooManyRequests));

    private static void LimitAddresses(RateLimiterOptions options) =>
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(
            static context => RateLimitPartition.GetSlidingWindowLimiter(context.Connection.RemoteIpAddress!, static _ => FrameworkLimiter.Window()));

    private static void Expect(int status, int expected)
    {
        if (status != expected)
            throw new InvalidOperationException($"A view was answered {status} instead of {expected}, so this measures something else.");
    }

    private void SetUp(PortalPlan plan, Func<int, PortalClient> makeClient)
    {
        clients = [.. Enumerable.Range(0, Clients).Select(makeClient)];
        crew = new Crew(Threads, Clients);
        node = PortalNode.StartAsync(plan).GetAwaiter().GetResult();

        // Every client is known, and the code is compiled for good.
        for (var view = 0; view < ViewsBefore * Clients; view++)
        {
            clock.Step(betweenViews);
            View(view % Clients, view % Clients);
        }
    }

    private void RunAllowed(Func<int, int> recordOf) => crew.Run(Operations, (client, _) =>
    {
        clock.Step(betweenViews);
        Expect(View(client, recordOf(client)), StatusCodes.Status200OK);
    });

    // Nothing in process waits, so that no thread does here.
    private int View(int client, int record) => node.ViewAsync(clients[client], RecordPaths.Of(record)).GetAwaiter().GetResult();
}
