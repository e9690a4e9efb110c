using Microsoft.Extensions.Logging.Testing;
using ScrapeGuard.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class RedisWarningsTests
{
    [Theory]
    [InlineData("redis.example:6379", true)]
    [InlineData("redis.example:6379,ssl=true", false)]
    [InlineData("127.0.0.1:6379", false)]
    [InlineData("[::1]:6379", false)]
    [InlineData("localhost:6379", false)]
    [InlineData("localhost:6379,192.0.2.5:6379,password=secret", true)]
    public void A_redis_beyond_loopback_without_tls_is_warned_about_and_its_password_is_not_told(string configuration, bool warns)
    {
        var logger = new FakeLogger();
        RedisWarnings.OfTransport(ConfigurationOptions.Parse(configuration), logger);
        Assert.Equal(warns ? 1 : 0, logger.Collector.Count);
        Assert.DoesNotContain("secret", warns ? logger.LatestRecord.Message : "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("noeviction", false)]
    [InlineData("allkeys-lru", true)]
    public async Task A_redis_that_evicts_is_warned_about(string policy, bool warns)
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "No redis-server is installed.");
        await using var redis = await RedisServer.StartAsync("--maxmemory", "64mb", "--maxmemory-policy", policy);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        var logger = new FakeLogger();
        await RedisWarnings.OfEvictionAsync(connection, logger);
        Assert.Equal(warns ? 1 : 0, logger.Collector.Count);
    }
}
