using System.Globalization;
using System.Net;
using BenchmarkDotNet.Attributes;
using ScrapeGuard.Benchmarks.Portals;

namespace ScrapeGuard.Benchmarks;

/// <summary>What ScrapeGuard adds to a request, counting in process with the shipped limits.</summary>
[MemoryDiagnoser]
public class MiddlewareBenchmarks
{
    private const int Addresses = 20_000;
    private const int Records = 100_000;

    // Every address comes back each half hour: 48 views a day, within every limit.
    private static readonly TimeSpan BetweenViews = TimeSpan.FromMinutes(30) / Addresses;

    private readonly IPAddress[] addresses = [.. Enumerable.Range(0, Addresses).Select(number => new IPAddress([10, 0, (byte)(number >> 8), (byte)number]))];
    private readonly string[] paths = [.. Enumerable.Range(1, Records).Select(id => string.Create(CultureInfo.InvariantCulture, $"/members/{id}"))];
    private PortalPipeline portal = null!;
    private int view;

    /// <summary>A portal without ScrapeGuard.</summary>
    [GlobalSetup(Target = nameof(WithoutScrapeGuard))]
    public void SetupWithout() => portal = new PortalPipeline(isGuarded: false, isProtected: false);

    /// <summary>A portal with ScrapeGuard whose page is no display page.</summary>
    [GlobalSetup(Target = nameof(UnprotectedPage))]
    public void SetupUnprotected() => portal = new PortalPipeline(isGuarded: true, isProtected: false);

    /// <summary>A portal with a display page.</summary>
    [GlobalSetup(Targets = [nameof(Revisit), nameof(NovelRecord)])]
    public void SetupProtected() => portal = new PortalPipeline(isGuarded: true, isProtected: true);

    /// <summary>A portal that has just blocked an address.</summary>
    [GlobalSetup(Target = nameof(BlockedClient))]
    public async Task SetupBlocked()
    {
        SetupProtected();
        for (var index = 0; await portal.GetAsync(paths[index], addresses[0]) == 200;)
            index++;
    }

    /// <summary>The page alone.</summary>
    [Benchmark(Baseline = true)]
    public Task<int> WithoutScrapeGuard() => portal.GetAsync(paths[0], addresses[0]);

    /// <summary>A page that is no display page.</summary>
    [Benchmark]
    public Task<int> UnprotectedPage() => portal.GetAsync(paths[0], addresses[0]);

    /// <summary>An anonymous view of a record that this address was shown before.</summary>
    [Benchmark]
    public Task<int> Revisit()
    {
        var address = Next() % Addresses;
        return AllowedAsync(paths[address], addresses[address]);
    }

    /// <summary>An anonymous view of a record that is novel to this address.</summary>
    [Benchmark]
    public Task<int> NovelRecord()
    {
        // Two hundred rounds of addresses go by before an address is shown a record again: four days, so that it is novel once more.
        var number = Next();
        return AllowedAsync(paths[number / Addresses % 200 * 500 + number % 500], addresses[number % Addresses]);
    }

    /// <summary>A view by an address that is blocked.</summary>
    [Benchmark]
    public Task<int> BlockedClient() => portal.GetAsync(paths[0], addresses[0]);

    private int Next()
    {
        portal.Clock.Step(BetweenViews);
        return view++ & int.MaxValue;
    }

    private async Task<int> AllowedAsync(string path, IPAddress address)
    {
        var status = await portal.GetAsync(path, address);
        return status == 200 ? status : throw new InvalidOperationException($"{path} was answered {status} to {address}, so this measures something else.");
    }
}
