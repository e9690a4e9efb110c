using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using ScrapeGuard.Tests.Counting.Log;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class RedisClusterTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);
    private static readonly SubjectKey[] Subjects = [.. Enumerable.Range(0, 48).Select(subject => new SubjectKey(SubjectType.Session, (UInt128)subject + (1UL << 40)))];

    [Fact]
    public async Task Subjects_of_all_masters_are_exchanged_together_and_a_replica_takes_over_from_a_master_that_dies()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var one = await OpenLink.ToAsync(cluster.Configuration, Timeout);
        await using var two = await OpenLink.ToAsync(cluster.Configuration, Timeout);
        Assert.True(one.Link.IsCluster);
        var nodes = NodesOf(one, 1);
        for (var round = 0; round < 3; round++)
            Assert.True(await ViewAsync(new RedisLogs(one.Link, "sg"), nodes));
        await cluster.UntilReplicatedAsync(0);

        await cluster.KillMasterAsync(0);
        var pending = nodes;
        foreach (var node in nodes)
            node.View();
        for (var attempt = 0; attempt < 300 && pending.Length > 0; attempt++)
        {
            await ViewAsync(new RedisLogs(one.Link, "sg"), pending);
            pending = [.. pending.Where(node => node.IsPending)];
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Empty(pending);
        var others = NodesOf(two, 2);
        for (var attempt = 0; attempt < 300 && others.Any(other => other.Replica.Length == 0); attempt++)
        {
            await SendAsync(new RedisLogs(two.Link, "sg"), [.. others.Where(other => other.Replica.Length == 0)]);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.All(others, other => Assert.Equal(4, FoldedLog.Of(other.Replica, Logs.Now).CountOf(Logs.Windows[0], 0)));
        Assert.Equal(nodes.Select(node => node.Replica), others.Select(other => other.Replica));
    }

    private static LogNode[] NodesOf(OpenLink open, uint incarnation) =>
        [.. Subjects.Select(subject => new LogNode(new RedisLogs(open.Link, "sg"), subject, incarnation))];

    private static async Task<bool> ViewAsync(RedisLogs logs, LogNode[] nodes)
    {
        foreach (var node in nodes)
            node.View();
        return await SendAsync(logs, nodes);
    }

    private static async Task<bool> SendAsync(RedisLogs logs, LogNode[] nodes)
    {
        foreach (var node in nodes)
            node.Prepare();
        var areAnswered = await logs.ExchangeAsync([.. nodes.Select(node => node.Exchange)], LogNode.Patience);
        foreach (var node in nodes)
            node.Apply();
        return areAnswered;
    }
}
