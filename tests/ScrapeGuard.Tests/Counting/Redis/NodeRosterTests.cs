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
    public void An_answer_of_the_probe_is_read_and_any_other_is_refused()
    {
        var answer = ProbeAnswer.Parse("1700000000000 0a1b a 5 b -7");
        Assert.Equal((1_700_000_000_000L, "0a1b"), (answer.Time, answer.RunId));
        Assert.Equal([("a", 5L), ("b", -7L)], answer.Nodes);
        Assert.Equal("", ProbeAnswer.Parse("5 -").RunId);
        Assert.Contains("KeyPrefix", Assert.Throws<FormatException>(() => ProbeAnswer.Parse("1700000000000")).Message, StringComparison.Ordinal);
    }
}
