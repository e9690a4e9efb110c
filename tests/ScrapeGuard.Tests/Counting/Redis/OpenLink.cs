using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using ScrapeGuard.Telemetry;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>A connection to Redis as a node has it, open.</summary>
internal sealed class OpenLink : IAsyncDisposable
{
    private readonly IHost services = Build();

    private OpenLink(string configuration, TimeSpan timeout)
    {
        var clock = new GuardClock(TimeProvider.System);
        var options = new RedisOptions { Configuration = configuration, Timeout = timeout };
        Link = new RedisLink(options, clock, services.Services.GetRequiredService<GuardMetrics>(), NullLogger<RedisLink>.Instance);
    }

    public RedisLink Link { get; }

    public static async Task<OpenLink> ToAsync(string configuration, TimeSpan timeout)
    {
        var open = new OpenLink(configuration, timeout);
        await open.Link.StartAsync();
        for (var attempt = 0; attempt < 500 && !open.Link.IsAvailable; attempt++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.True(open.Link.IsAvailable);
        return open;
    }

    public async ValueTask DisposeAsync()
    {
        await Link.DisposeAsync();
        services.Dispose();
    }

    private static IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddScrapeGuard(_ => { });
        return builder.Build();
    }
}
