using System.Text;
using ScrapeGuard.Tool.Replay.Reading;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Reading;

public class LogTimesTests
{
    [Theory]
    [InlineData("29/Feb/2016:23:30:00 -0100", "2016-03-01T00:30:00Z")]
    [InlineData("01/jan/2016:00:00:00", "2016-01-01T00:00:00Z")]
    [InlineData("31/Dec/2016:23:59:60 +0000", "2016-12-31T23:59:59Z")]
    [InlineData("25/Nov/2026:21:37:06.125 +0530", "2026-11-25T16:07:06.125Z")]
    [InlineData("2026-11-25T21:37:06Z", "2026-11-25T21:37:06Z")]
    [InlineData("2026-11-25 21:37:06", "2026-11-25T21:37:06Z")]
    [InlineData("2026-11-25T21:37:06.1234567+01:00", "2026-11-25T20:37:06.1234567Z")]
    [InlineData("2026-11-25T21:37:06,5 -0800", "2026-11-26T05:37:06.5Z")]
    [InlineData("1795642626", "2026-11-25T21:37:06Z")]
    [InlineData("1795642626.5", "2026-11-25T21:37:06.5Z")]
    [InlineData("1.7956426265e9", "2026-11-25T21:37:06.5Z")]
    [InlineData("1795642626500", "2026-11-25T21:37:06.5Z")]
    [InlineData("1795642626500000", "2026-11-25T21:37:06.5Z")]
    [InlineData("1795642626500000000", "2026-11-25T21:37:06.5Z")]
    public void Every_usual_form_is_read(string text, string expected)
    {
        Assert.True(new LogTimes().TryRead(Encoding.UTF8.GetBytes(text), out var ticks));
        Assert.Equal(DateTimeOffset.Parse(expected).UtcTicks, ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("30/Feb/2016:23:30:00 +0000")]
    [InlineData("20/Fab/2016:23:30:00 +0000")]
    [InlineData("20/anf/2016:23:30:00 +0000")]
    [InlineData("20/Feb/2016:24:30:00 +0000")]
    [InlineData("20/Feb/2016:23:30:00 +9900")]
    [InlineData("20/Feb/2016:23:30:00 CET")]
    [InlineData("2026-13-25T21:37:06Z")]
    [InlineData("2026-11-25T21:37Z")]
    [InlineData("9999-12-31T23:59:59-1200")]
    [InlineData("-5")]
    [InlineData("1e30")]
    public void Anything_else_is_refused(string text) => Assert.False(new LogTimes().TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void The_time_before_does_not_shine_through()
    {
        var times = new LogTimes();
        Assert.True(times.TryRead("1795642626"u8, out var first));
        Assert.False(times.TryRead("x"u8, out _));
        Assert.True(times.TryRead("1795642626"u8, out var again));
        Assert.True(times.TryRead("1795642627"u8, out var next));
        Assert.Equal((first, first + TimeSpan.TicksPerSecond), (again, next));
    }
}
