using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Enforcement.Redis;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard;

/// <summary>What nodes share where a Redis is configured; without one every part is null and this node counts and blocks by itself.</summary>
internal sealed class Sharing : IHostedService, IAsyncDisposable
{
    private readonly RedisLink? link;

    public Sharing(SettingsSource settings, BlockList blocks, Pseudonyms pseudonyms, GuardClock clock, GuardMetrics metrics, ILoggerFactory loggers)
    {
        var options = settings.Current.Options;
        if (options.Redis.Configuration is null)
            return;
        link = new RedisLink(options.Redis, clock, metrics, loggers.CreateLogger<RedisLink>());
        Blocks = new RedisBlocks(link, blocks, pseudonyms, settings, clock, metrics, loggers.CreateLogger<RedisBlocks>());
    }

    public ISharedSubjects? Subjects { get; }

    public ISharedBlocks? Blocks { get; }

    public ISharedState? State => link;

    public Task StartAsync(CancellationToken cancellationToken) => link?.StartAsync() ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => link?.StopAsync() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => link?.DisposeAsync() ?? ValueTask.CompletedTask;
}
