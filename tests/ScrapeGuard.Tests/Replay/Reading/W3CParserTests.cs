using ScrapeGuard.Tool.Replay.Reading;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Reading;

public class W3CParserTests
{
    private const string Fields = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status time-taken";

    private readonly W3CParser parser = new(new SubjectFields("CS-Username", "x-session"));

    [Fact]
    public void A_line_of_IIS_is_read_by_the_fields_named_before()
    {
        Assert.Null(Read(Fields));
        var line = Read("2026-11-25 21:37:06 10.0.0.1 GET /members/42 tab=1 443 CLINIC\\ann 203.0.113.7 Mozilla/5.0+(X11) 200 15");

        Assert.Equal(
            new ReadLine(
                new(2026, 11, 25, 21, 37, 6, TimeSpan.Zero), "203.0.113.7", "CLINIC\\ann", "", "GET", "/members/42?tab=1", "Mozilla/5.0 (X11)", 200),
            line);
    }

    [Fact]
    public void A_dash_is_no_value()
    {
        Read(Fields);
        var line = Read("2026-11-25 21:37:06 10.0.0.1 GET / - 443 - - - - 15");

        Assert.Equal(("", "", "/", "", 0), (line!.Client, line.Account, line.Target, line.UserAgent, line.Status));
    }

    [Fact]
    public void The_fields_may_change_in_the_middle_of_a_file()
    {
        Read(Fields);
        Read("#Fields: date time c-ip cs-method cs-uri-stem sc-status x-session");
        var line = Read("2026-11-25\t21:37:06.250\t2001:db8::1\tGET\t/a\t404\ts1");

        Assert.Equal(("2001:db8::1", "/a", 404, "s1", 250), (line!.Client, line.Target, line.Status, line.Session, line.At.Millisecond));
    }

    [Fact]
    public void The_day_may_be_told_before_the_lines()
    {
        Read("#Date: 2026-11-25 00:00:01");
        Read("#Fields: time c-ip cs-uri-stem");

        Assert.Equal(new DateTimeOffset(2026, 11, 25, 21, 37, 6, TimeSpan.Zero), Read("21:37:06 203.0.113.7 /a")!.At);
    }

    [Theory]
    [InlineData("2026-11-25 21:37:06 203.0.113.7 /a 200 more")]
    [InlineData("2026-11-25 21:37:06 203.0.113.7 /a")]
    [InlineData("2026-11-25 21:37:66 203.0.113.7 /a 200")]
    [InlineData("2026-11-25 21:37:06 203.0.113.7 /a OK")]
    [InlineData("25.11.2026 21:37:06 203.0.113.7 /a 200")]
    [InlineData("- - 203.0.113.7 /a 200")]
    public void A_line_that_does_not_fit_is_bad(string text)
    {
        Read("#Fields: date time c-ip cs-uri-stem sc-status");

        Assert.Null(Read(text));
    }

    [Fact]
    public void Lines_before_any_fields_are_bad() => Assert.Null(Read("2026-11-25 21:37:06 203.0.113.7 /a 200"));

    private ReadLine? Read(string text) => ReadLine.Of(parser, text);
}
