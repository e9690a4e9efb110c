using ScrapeGuard.Tool.Replay.Reading;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Reading;

public class CombinedParserTests
{
    private readonly CombinedParser parser = new(new SubjectFields("user", null));

    [Fact]
    public void A_combined_line_tells_who_asked_for_what_and_when()
    {
        var line = Read("""203.0.113.7 - ann [20/Feb/2016:06:00:45 +0100] "GET /members/42?tab=1 HTTP/1.1" 200 187 "https://portal/" "Mozilla/5.0 (X11)" """);

        Assert.Equal(
            new ReadLine(new(2016, 2, 20, 5, 0, 45, TimeSpan.Zero), "203.0.113.7", "ann", "", "GET", "/members/42?tab=1", "Mozilla/5.0 (X11)", 200), line);
    }

    [Fact]
    public void A_common_line_has_no_user_agent()
    {
        var line = Read("""2001:db8::1 - - [20/Feb/2016:05:00:45 +0000] "HEAD / HTTP/1.0" 304 -""");

        Assert.Equal(("2001:db8::1", "", "HEAD", "/", "", 304), (line!.Client, line.Account, line.Method, line.Target, line.UserAgent, line.Status));
    }

    [Theory]
    [InlineData("portal.example:443 203.0.113.7 - - ", "203.0.113.7", "")]
    [InlineData("portal.example 203.0.113.7 - ann ", "203.0.113.7", "ann")]
    [InlineData("portal.example:443 pc7.clinic.example - - ", "pc7.clinic.example", "")]
    [InlineData("203.0.113.7 - ann of the clinic ", "203.0.113.7", "ann of the clinic")]
    [InlineData("pc7.clinic.example - ann of the clinic ", "pc7.clinic.example", "ann of the clinic")]
    [InlineData("203.0.113.7 - [nobody] ", "203.0.113.7", "[nobody]")]
    [InlineData("""203.0.113.7 - "" """, "203.0.113.7", "")]
    public void A_virtual_host_is_told_from_a_name_with_spaces(string who, string client, string account)
    {
        var line = Read($"""{who}[20/Feb/2016:05:00:45 +0000] "GET / HTTP/1.1" 200 1 "-" "-" """);

        Assert.Equal((client, account, ""), (line!.Client, line.Account, line.UserAgent));
    }

    [Theory]
    [InlineData("GET /a HTTP/1.1", "GET", "/a")]
    [InlineData("GET /a", "GET", "/a")]
    [InlineData("GET /a b HTTP/1.1", "GET", "/a b")]
    [InlineData("GET http://portal.example/a HTTP/1.1", "GET", "http://portal.example/a")]
    [InlineData("""GET /a\"b\\c\x22\xc3\xa9 HTTP/1.1""", "GET", "/a\"b\\c\"é")]
    [InlineData("-", "", "")]
    [InlineData("", "", "")]
    [InlineData("""\x16\x03\x01\x02 \x01""", "", "")]
    public void A_request_is_read_as_it_was_sent_and_what_is_none_has_no_target(string request, string method, string target)
    {
        var line = Read($"""203.0.113.7 - - [20/Feb/2016:05:00:45 +0000] "{request}" 400 0 "-" "a \"quoted\" program" more "x" """);

        Assert.Equal((method, target, "a \"quoted\" program"), (line!.Method, line.Target, line.UserAgent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a line")]
    [InlineData("""203.0.113.7 - - [30/Feb/2016:05:00:45 +0000] "GET / HTTP/1.1" 200 1""")]
    [InlineData("""203.0.113.7 - - [20/Feb/2016:05:00:45 +0000] "GET / HTTP/1.1" OK 1""")]
    [InlineData("""203.0.113.7 - - [20/Feb/2016:05:00:45 +0000] "GET / HTT""")]
    [InlineData("""203.0.113.7 [20/Feb/2016:05:00:45 +0000] "GET / HTTP/1.1" 200 1""")]
    [InlineData("""203.0.113.7 - - [20/Feb/2016:05:00:45 +0000] "GET / HTTP/1.1" """)]
    public void Anything_else_is_bad(string text) => Assert.Null(Read(text));

    [Fact]
    public void Nobody_is_taken_for_an_account_unless_the_field_was_named()
    {
        var line = ReadLine.Of(new CombinedParser(new SubjectFields(null, "user")), """a.example - ann [20/Feb/2016:05:00:45 +0000] "GET / HTTP/1.1" 200 1""");

        Assert.Equal(("", "ann"), (line!.Account, line.Session));
    }

    private ReadLine? Read(string text) => ReadLine.Of(parser, text.TrimEnd());
}
