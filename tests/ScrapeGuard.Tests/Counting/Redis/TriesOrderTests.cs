using CsCheck;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class TriesOrderTests
{
    private const long Now = 1_700_000_000_000L;

    [Fact]
    public void A_message_is_heard_once_and_none_that_was_sent_before_it()
    {
        var order = new TriesOrder();
        Assert.True(order.IsNext(1, 5, Now, Now));
        Assert.False(order.IsNext(1, 5, Now, Now));
        Assert.False(order.IsNext(1, 4, Now - 200, Now));
        Assert.True(order.IsNext(2, 4, Now - 200, Now));
        Assert.True(order.IsNext(1, 7, Now + 400, Now));
    }

    [Fact]
    public void A_message_of_minutes_ago_or_to_come_is_not_heard_and_clocks_may_differ_by_seconds()
    {
        var order = new TriesOrder();
        Assert.False(order.IsNext(1, 1, Now - TriesOrder.Lifetime, Now));
        Assert.False(order.IsNext(1, 1, Now + TriesOrder.Lifetime, Now));
        Assert.True(order.IsNext(1, 1, Now - 5000, Now));
        Assert.True(order.IsNext(1, 2, Now + 5000, Now));
    }

    [Fact]
    public void Of_more_nodes_than_are_remembered_no_message_is_heard_twice() => Gen.Int[0, 2 * TriesOrder.Most].Array[1, 100].Sample(
        again =>
        {
            var order = new TriesOrder();
            for (var node = 0; node <= 2 * TriesOrder.Most; node++)
                Assert.True(order.IsNext((uint)node, 1, Now + node, Now + node));
            Assert.All(again, node => Assert.False(order.IsNext((uint)node, 1, Now + node, Now + (2 * TriesOrder.Most))));
            Assert.True(order.IsNext(0, 2, Now + (2 * TriesOrder.Most), Now + (2 * TriesOrder.Most)));
        },
        iter: 20);
}
