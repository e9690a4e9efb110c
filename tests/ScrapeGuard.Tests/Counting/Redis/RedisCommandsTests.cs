using ScrapeGuard.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>What the circuit is told of commands that are not answered.</summary>
public class RedisCommandsTests
{
    private static readonly RedisScript Script = new("memory-policy.lua");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_view_with_little_patience_left_opens_no_circuit_and_one_that_waited_its_full_time_does(bool areSeveral)
    {
        await using var redis = await RedisServer.StartAsync();
        Assert.SkipUnless(redis.IsProcess, "Only a process can be stopped.");
        var timeout = TimeSpan.FromMilliseconds(300);
        await using var open = await OpenLink.ToAsync(redis.Configuration, timeout);
        await open.Link.RunAsync(Script, new ScriptCall([], []), timeout);
        redis.Stop();
        try
        {
            for (var view = 0; view < 2 * RedisCircuit.MostFailures; view++)
                Assert.False(await IsAnsweredAsync(TimeSpan.FromMilliseconds(20)));
            Assert.True(open.Link.IsAvailable);
            for (var view = 0; view < RedisCircuit.MostFailures; view++)
                Assert.False(await IsAnsweredAsync(timeout));
            Assert.False(open.Link.IsAvailable);
        }
        finally
        {
            redis.Continue();
        }

        async Task<bool> IsAnsweredAsync(TimeSpan patience)
        {
            var call = new ScriptCall([], []);
            if (!areSeveral)
                return await open.Link.RunAsync(Script, call, patience) is not null;
            var answers = await open.Link.RunAllAsync(Script, [call, call], patience);
            return answers is not null && Array.TrueForAll(answers, answer => answer is not null);
        }
    }
}
