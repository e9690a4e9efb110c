using ScrapeGuard.Counting.Log;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class LogExpiryTests
{
    private const uint Own = 7;
    private const long HalfAnHour = 30 * 60_000;

    private readonly LogExpiry expiry = new(Own);

    [Fact]
    public void It_is_put_off_with_the_first_entry_of_this_node_in_each_half_hour()
    {
        Assert.True(expiry.IsDue(LogReader.MarkOf(Own, 9), sequence: 10, now: 0));
        Assert.False(expiry.IsDue(LogReader.MarkOf(Own, 10), sequence: 11, now: 1));
        Assert.True(expiry.IsDue(LogReader.MarkOf(Own, 9), sequence: 12, now: HalfAnHour - 1));
        Assert.True(expiry.IsDue(LogReader.MarkOf(Own, 12), sequence: 13, now: HalfAnHour));
        Assert.False(expiry.IsDue(LogReader.MarkOf(Own, 13), sequence: 14, now: HalfAnHour + 1));
    }

    [Fact]
    public void It_is_put_off_where_another_node_was_the_last_to_append_or_nobody_is_known()
    {
        Assert.True(expiry.IsDue(0, sequence: 10, now: 0));
        Assert.True(expiry.IsDue(LogReader.MarkOf(Own + 1, 1000), sequence: 11, now: 1));
        Assert.True(expiry.IsDue(0, sequence: 12, now: 2));
    }
}
