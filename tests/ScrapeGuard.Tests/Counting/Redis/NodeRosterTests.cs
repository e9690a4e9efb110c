using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class NodeRosterTests
{
    private const long Now = 1_700_000_000_000L;

    private readonly FakeLogger logger = new();
    private readonly NodeRoster roster;

    public NodeRosterTests() => roster = new NodeRoster(logger);

    [Fact]
    public void A_node_that_says_nothing_is_missing_until_it_is_heard_again_and_each_is_said_once()
    {
        roster.Hear([(roster.Own, Now), ("a", Now)], Now);
        Assert.Equal((2, 0, 0), (roster.Count(Now), roster.Silent(Now), roster.Missing(0, Now)));
        var later = Now + NodeRoster.Patience + 1;
        roster.Hear([(roster.Own, later), ("a", Now)], later);
        roster.Hear([(roster.Own, later), ("a", Now)], later);
        Assert.Equal((1, 1, 1), (roster.Count(later), roster.Silent(later), roster.Missing(0, later)));
        Assert.Equal(LogLevel.Warning, Assert.Single(logger.Collector.GetSnapshot()).Level);
        roster.Hear([("a", later)], later);
        Assert.Equal((2, 0, 0), (roster.Count(later), roster.Silent(later), roster.Missing(0, later)));
        Assert.Equal(2, logger.Collector.Count);
    }

    [Fact]
    public void A_node_that_said_good_bye_is_missing_only_where_redis_lost_what_it_told()
    {
        roster.Hear([("a", -Now)], Now);
        var later = Now + 3_600_000;
        roster.Hear([("a", -Now)], later);
        Assert.Equal((1, 0, 0), (roster.Count(later), roster.Silent(later), roster.Missing(Now - 1, later)));
        roster.NoteLoss(later);
        Assert.Equal(1, roster.Missing(Now - 1, later));
        Assert.Equal(0, roster.Missing(Now + 1, later));
        Assert.Empty(logger.Collector.GetSnapshot());
    }

    [Fact]
    public void A_node_is_forgotten_a_day_after_it_was_heard_and_one_that_redis_lists_no_more_is_not()
    {
        roster.Hear([("a", Now)], Now);
        var later = Now + 3_600_000;
        roster.Hear([], later);
        Assert.Equal(1, roster.Silent(later));
        roster.Hear([], Now + NodeRoster.Memory);
        Assert.Equal(0, roster.Silent(Now + NodeRoster.Memory));
    }

    [Fact]
    public void A_node_that_has_no_key_in_common_is_told_apart_and_said_once_while_it_is_heard()
    {
        var one = new NodeRoster(logger, "a1", "b2");
        one.Hear([(one.Own, Now), ("x:c3,d4", Now), ("y:c3,b2", Now), ("z", Now), ("stopped:c3", -Now), ("gone:c3", Now - 3_600_000)], Now);
        one.Hear([("x:c3,d4", Now + 5000)], Now + 5000);
        Assert.Equal((1, 3), (one.Apart(Now), one.Count(Now)));
        Assert.Equal("x", Assert.Single(Said(27)).StructuredState!.Single(pair => pair.Key == "Node").Value);
        Assert.Equal("gone", Assert.Single(Said(25)).StructuredState!.Single(pair => pair.Key == "Node").Value);
        one.Hear([("x:c3,d4", -(Now + 6000))], Now + 6000);
        Assert.Equal(0, one.Apart(Now + 6000));
        one.Hear([("gone:c3", Now + 6000)], Now + 6000);
        Assert.Equal((1, 2), (one.Apart(Now + 6000), Said(27).Length));
        Assert.Equal(0, new NodeRoster(logger).Apart(Now));

        FakeLogRecord[] Said(int id) => [.. logger.Collector.GetSnapshot().Where(record => record.Id.Id == id)];
    }

    [Fact]
    public void A_node_of_other_keys_is_missed_by_nobody()
    {
        var logger = new FakeLogger();
        var roster = new NodeRoster(logger, "a1");
        roster.Hear([("x:c3", Now)], Now);
        roster.Hear([], Now + NodeRoster.Patience + 1);
        Assert.Equal((0, 0, 0), (roster.Silent(Now + NodeRoster.Patience + 1), roster.Missing(0, Now + NodeRoster.Patience + 1), roster.Others()));
        Assert.Equal(27, Assert.Single(logger.Collector.GetSnapshot()).Id.Id);
    }

    [Fact]
    public void An_answer_of_the_probe_is_read_and_any_other_is_refused()
    {
        var answer = ProbeAnswer.Parse("1700000000000 0a1b 1600000000000 a 5 b -7");
        Assert.Equal((1_700_000_000_000L, "0a1b"), (answer.Time, answer.RunId));
        Assert.Equal([("a", 5L), ("b", -7L)], answer.Nodes);
        Assert.Equal("", ProbeAnswer.Parse("5 - 5").RunId);
        Assert.Equal([("b", 7L)], ProbeAnswer.Parse("1700000000000 0a1b 1600000000000 a abc b 7 c 92233720368547758080").Nodes);
        Assert.Contains("KeyPrefix", Assert.Throws<FormatException>(() => ProbeAnswer.Parse("1700000000000")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_was_heard_now_at_the_latest_whatever_is_listed()
    {
        roster.Hear([("ahead", Now + 86_400_000), ("last", long.MaxValue), ("first", long.MinValue)], Now);
        Assert.Equal(3, roster.Count(Now));
        Assert.Equal((1, 2), (roster.Count(Now + NodeRoster.Patience + 1), roster.Silent(Now + NodeRoster.Patience + 1)));
        roster.Hear([], Now + NodeRoster.Memory);
        Assert.Equal(0, roster.Silent(Now + NodeRoster.Memory));
    }

    [Fact]
    public void No_more_nodes_are_remembered_than_there_may_be()
    {
        for (var round = 0; round < 3; round++)
            roster.Hear(Enumerable.Range(0, NodeRoster.Most).Select(node => ($"{round} {node}", Now + round)), Now + round);
        Assert.Equal(1 + NodeRoster.Most, roster.Count(Now + 3));
    }
}
