using System.Security.Cryptography;
using ScrapeGuard.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>Whatever is written where nodes are listed, the probe answers.</summary>
public sealed class RedisProbeTests(SharedRedis redis)
{
    private readonly RedisKey own = $"probe:{RandomNumberGenerator.GetHexString(8)}:{{probe}}";
    private readonly RedisKey nodes = $"nodes:{RandomNumberGenerator.GetHexString(8)}:{{probe}}";

    private IDatabase Database => redis.Connection.GetDatabase();

    [Theory]
    [InlineData("evil", "-9223372036854775808")]
    [InlineData("evil", "abc")]
    [InlineData("evil", "")]
    [InlineData("evil", "nan")]
    [InlineData("evil", "1e3")]
    [InlineData("evil", "0x7fffffffff")]
    [InlineData("evil", "-")]
    [InlineData("evil", "99999999999999")]
    [InlineData("evil", "1700000000000")]
    [InlineData("e vil", null)]
    [InlineData("", null)]
    [InlineData("e\0vil", null)]
    public void What_no_node_writes_is_taken_out_and_nodes_are_listed_as_before(string name, string? heard)
    {
        Ask("other");
        Database.HashSet(nodes, name, heard ?? $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}");
        Database.HashSet(nodes, new string('n', 100_000), 5);
        var answer = Ask();
        Assert.Equal(["node:a1,b2", "other"], answer.Nodes.Select(node => node.Name).Order());
        Assert.Equal(3, Database.HashLength(nodes));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-9223372036854775808")]
    [InlineData("99999999999999")]
    public void The_time_since_when_nodes_share_is_no_later_than_now(string since)
    {
        Ask();
        Database.HashSet(nodes, "since", since);
        var answer = Ask();
        Assert.Equal(answer.Time, answer.Since);
        Assert.Equal(answer.Since, Ask().Since);
    }

    [Fact]
    public void A_value_of_another_type_and_more_names_than_nodes_can_be_are_begun_anew()
    {
        Assert.SkipUnless(redis.Server.IsProcess, "Only Redis hands a script the error of a command.");
        Database.StringSet(nodes, "x");
        Assert.Equal("node:a1,b2", Assert.Single(Ask().Nodes).Name);
        Database.HashSet(nodes, [.. Enumerable.Range(0, 20_000).Select(node => new HashEntry($"{node}", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()))]);
        Assert.Equal("node:a1,b2", Assert.Single(Ask().Nodes).Name);
        Assert.InRange(Database.KeyTimeToLive(nodes)!.Value.TotalHours, 23.9, 24);
    }

    [Fact]
    public void A_node_is_listed_until_a_day_after_it_was_heard_also_where_it_has_stopped()
    {
        Ask();
        Ask("other", isStopping: true);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.InRange(Ask().Nodes.Single(node => node.Name == "other").Heard, -now - 1000, -now + 60_000);
        Database.HashSet(nodes, "other", -(now - NodeRoster.Memory - 1000));
        Assert.Equal("node:a1,b2", Assert.Single(Ask().Nodes).Name);
        Assert.False(Database.HashExists(nodes, "other"));
    }

    private ProbeAnswer Ask(string name = "node:a1,b2", bool isStopping = false) => ProbeAnswer.Parse(
        (string)Database.ScriptEvaluate(EmbeddedScript.Read("probe.lua"), [own, nodes], [name, isStopping ? 1 : 0, NodeRoster.Memory])!);
}
