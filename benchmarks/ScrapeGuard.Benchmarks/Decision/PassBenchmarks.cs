using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ScrapeGuard.Benchmarks.Portals;

namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>
/// What ScrapeGuard's middleware takes of a request for no display page, without the server, the routing and the page around it, among whose some thousand
/// nanoseconds it cannot be seen.
/// </summary>
[MemoryDiagnoser]
public class PassBenchmarks
{
    private readonly DefaultHttpContext context = new();
    private RequestDelegate page = null!;
    private RequestDelegate guarded = null!;

    /// <summary>A pipeline of a page alone, and one with ScrapeGuard before it.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddScrapeGuard(GuardSettings.Shipped().Section);
        var services = builder.Build().Services;
        context.SetEndpoint(new Endpoint(static _ => Task.CompletedTask, EndpointMetadataCollection.Empty, "no display page"));
        page = static _ => Task.CompletedTask;
        var app = new ApplicationBuilder(services);
        app.UseScrapeGuard();
        app.Run(page);
        guarded = app.Build();
    }

    /// <summary>The page alone.</summary>
    [Benchmark(Baseline = true)]
    public Task Page() => page(context);

    /// <summary>ScrapeGuard before it.</summary>
    [Benchmark]
    public Task NoDisplayPage() => guarded(context);
}
