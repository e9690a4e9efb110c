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
    private readonly RedisSubjects? subjects;
    private readonly RedisSweeps? sweeps;

    public Sharing(
        SettingsSource settings, SubjectTable table, BlockList blocks, SweepWatch watch, Pseudonyms pseudonyms, GuardClock clock, GuardMetrics metrics,
        ILoggerFactory loggers)
    {
        var options = settings.Current.Options;
        if (options.Redis.Configuration is null)
            return;
        link = new RedisLink(options.Redis, clock, metrics, loggers.CreateLogger<RedisLink>(), pseudonyms.Fingerprints);
        subjects = new RedisSubjects(table, link, settings, clock, loggers.CreateLogger<RedisSubjects>());
        Blocks = new RedisBlocks(link, blocks, pseudonyms, settings, clock, metrics, loggers.CreateLogger<RedisBlocks>());
        link.OnShared = table.WatchSince;
        sweeps = new RedisSweeps(link, watch, pseudonyms, clock, options.Redis.KeyPrefix, loggers.CreateLogger<RedisSweeps>());
        var readBlocks = link.OnConnected!;
        link.OnConnected = async connection =>
        {
            // Tried again with the next reading of all blocks, every minute: what is not heard meanwhile is no reason to read them sooner.
            await sweeps.SubscribeAsync(connection);
            return await readBlocks(connection);
        };
    }

    public ISharedSubjects? Subjects => subjects;

    public ISharedBlocks? Blocks { get; }

    public ISharedState? State => link;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (link is null)
            return;
        await link.StartAsync();
        await subjects!.StartAsync();
        sweeps!.Start();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (link is null)
            return;
        if (await subjects!.StopAsync())
            await link.SayGoodByeAsync();
        await link.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (link is null)
            return;
        await sweeps!.DisposeAsync();
        await subjects!.DisposeAsync();
        await link.DisposeAsync();
    }
}
