using ScrapeGuard.Telemetry;
using Xunit;

namespace ScrapeGuard.Tests.Telemetry;

public class ToldBeforeTests
{
    [Fact]
    public void A_thing_is_news_once_until_its_time_has_passed()
    {
        var told = new ToldBefore<string>(2);
        Assert.True(told.IsNews("a", 1000, 100));
        Assert.False(told.IsNews("a", 1099, 100));
        Assert.True(told.IsNews("a", 1100, 100));
        Assert.False(told.IsNews("a", 1101, 100));
    }

    [Fact]
    public void Only_so_many_things_are_remembered()
    {
        var told = new ToldBefore<string>(2);
        Assert.True(told.IsNews("a", 0, 100));
        Assert.True(told.IsNews("b", 0, 100));
        Assert.True(told.IsNews("c", 0, 100));
        Assert.False(told.IsNews("b", 0, 100));
        Assert.False(told.IsNews("c", 0, 100));
        Assert.True(told.IsNews("a", 0, 100));
    }
}
