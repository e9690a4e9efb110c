using ScrapeGuard.Tests.Counting.Redis;
using StackExchange.Redis;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedRedis))]

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>One server for all tests that leave it alone.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public ConnectionMultiplexer Connection { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RedisServer.StartAsync();
        Connection = await ConnectionMultiplexer.ConnectAsync(Server.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
    }
}
