using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>The counting of one node: its table, and what brings it to the other nodes, with the time passed in.</summary>
internal sealed class SharedEngine : IAsyncDisposable
{
    private readonly IHost services;
    private readonly GuardClock clock = new(new StandingClock());
    private readonly OpenLink link;
    private readonly TimeSpan patience;

    private SharedEngine(OpenLink link, RedisConsistency consistency, string prefix)
    {
        this.link = link;
        patience = link.Link.Timeout;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddScrapeGuard(options =>
        {
            WithoutSignals.Apply(options);
            options.Redis.Consistency = consistency;
            options.Redis.KeyPrefix = prefix;
            options.Redis.FlushInterval = TimeSpan.FromMilliseconds(10);
        });
        services = builder.Build();
        Subjects = new RedisSubjects(
            Table, link.Link, services.Services.GetRequiredService<SettingsSource>(), clock, NullLogger<RedisSubjects>.Instance);
    }

    public SubjectTable Table { get; } = new(64 << 20, isShared: true);

    public RedisSubjects Subjects { get; }

    public RedisLink Link => link.Link;

    /// <summary>Flushes only when told: the histories of a test run by a clock of their own, each from the same time on.</summary>
    public static async Task<SharedEngine> StartAsync(string configuration, RedisConsistency consistency, string prefix, TimeSpan patience) =>
        new(await OpenLink.ToAsync(configuration, patience), consistency, prefix);

    public long At(long now)
    {
        clock.Correct(now - clock.Uncorrected);
        return now;
    }

    /// <summary>Has a subject's news sent and that of others taken in; false where Redis is away.</summary>
    public ValueTask<bool> ExchangeAsync(SubjectKey subject) => Subjects.ExchangeAsync([subject], patience);

    public async ValueTask DisposeAsync()
    {
        await Subjects.DisposeAsync();
        await link.DisposeAsync();
        services.Dispose();
    }
}
