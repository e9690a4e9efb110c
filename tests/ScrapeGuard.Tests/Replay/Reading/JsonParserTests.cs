using ScrapeGuard.Tool.Replay.Reading;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Reading;

public class JsonParserTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 25, 21, 37, 6, TimeSpan.Zero);

    [Theory]
    [InlineData(
        "nginx",
        """{"time_iso8601":"2026-11-25T22:37:06+01:00","remote_addr":"203.0.113.7","remote_user":"ann","request":"GET /m/42?a=1 HTTP/1.1","status":"200","http_user_agent":"X"}""")]
    [InlineData(
        "nginx, field by field",
        """{"msec":"1795642626.000","remote_addr":"203.0.113.7","remote_user":"ann","request_method":"GET","uri":"/m/42","args":"a=1","status":200,"http_user_agent":"X"}""")]
    [InlineData(
        "Caddy",
        """{"level":"info","ts":1795642626.0,"logger":"http.log.access","request":{"remote_ip":"10.0.0.1","client_ip":"203.0.113.7","method":"GET","uri":"/m/42?a=1","headers":{"User-Agent":["X","Y"]}},"user_id":"ann","status":200}""")]
    [InlineData(
        "Traefik",
        """{"ClientAddr":"203.0.113.7:50000","ClientHost":"203.0.113.7","ClientUsername":"ann","DownstreamStatus":200,"RequestMethod":"GET","RequestPath":"/m/42?a=1","StartUTC":"2026-11-25T21:37:06.0Z","request_User-Agent":"X","time":"2026-11-25T21:38:00Z"}""")]
    [InlineData(
        "Serilog, compact",
        """{"@t":"2026-11-25T21:37:06.0000000Z","@mt":"HTTP {RequestMethod}","RequestMethod":"GET","RequestPath":"/m/42?a=1","StatusCode":200,"ClientIp":"203.0.113.7","UserName":"ann","UserAgent":"X"}""")]
    [InlineData(
        "Serilog",
        """{"Timestamp":"2026-11-25T21:37:06.0000000+00:00","Properties":{"RequestMethod":"GET","RequestPath":"/m/42?a=1","StatusCode":200,"ClientIp":"203.0.113.7","UserName":"ann","UserAgent":"X"}}""")]
    [InlineData(
        "the Elastic Common Schema",
        """{"@timestamp":"2026-11-25T21:37:06.000Z","client":{"ip":"203.0.113.7"},"user":{"name":"ann"},"http":{"request":{"method":"GET"},"response":{"status_code":200}},"url":{"original":"/m/42?a=1"},"user_agent":{"original":"X"}}""")]
    [InlineData(
        "dotted names",
        """{"@timestamp":"2026-11-25T21:37:06.000Z","client.ip":"203.0.113.7","user.name":"ann","http.request.method":"GET","http.response.status_code":200,"url.path":"/m/42","url.query":"a=1","user_agent.original":"X"}""")]
    public void The_names_of_common_servers_are_known(string server, string text)
    {
        var account = server switch
        {
            "nginx" or "nginx, field by field" => "remote_user",
            "Caddy" => "user_id",
            "Traefik" => "ClientUsername",
            "the Elastic Common Schema" or "dotted names" => "user.name",
            _ => "UserName",
        };

        var line = ReadLine.Of(new JsonParser(new SubjectFields(account, null)), text);

        Assert.Equal(new ReadLine(At, "203.0.113.7", "ann", "", "GET", "/m/42?a=1", "X", 200), line);
    }

    [Fact]
    public void Escapes_are_undone()
    {
        var line = Read("""{"ts":1795642626000,"uri":"\/m\/\u00e9\"","user_agent":"a\tb","sid":7}""");

        Assert.Equal((At, "/m/é\"", "a\tb", "7"), (line!.At, line.Target, line.UserAgent, line.Session));
    }

    [Fact]
    public void Another_event_of_the_log_is_no_request_and_not_bad() =>
        Assert.Equal("", Read("""{"@t":"2026-11-25T21:37:06Z","@mt":"Started"}""")!.Target);

    [Fact]
    public void Lines_may_have_other_properties_in_another_order_than_those_before()
    {
        var parser = new JsonParser(new SubjectFields("user.id", null));
        string[] lines =
        [
            """{"ts":1795642626,"request":{"uri":"/a","client_ip":"203.0.113.1"},"user":{"id":"ann"}}""",
            """{"ts":1795642626,"requester":{"uri":"/b","client_ip":"203.0.113.2"},"user":{"id":"bob"},"uri":"/c"}""",
            """{"user":{"id":"ann"},"other":[{"ts":1},{"uri":"/d"}],"request":{"uri":"/e"},"ts":1795642626}""",
            """{"ts":1795642626,"request":{"uri":"/f","client_ip":"203.0.113.1"},"user":{"id":"ann"}}""",
        ];

        Assert.Equal(
            ["/a 203.0.113.1 ann", "/c  bob", "/e  ann", "/f 203.0.113.1 ann"],
            lines.Select(line => ReadLine.Of(parser, line)!).Select(line => $"{line.Target} {line.Client} {line.Account}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("[1]")]
    [InlineData("""{"ts":1795642626,"uri":"/m""")]
    [InlineData("""{"uri":"/m/42"}""")]
    [InlineData("""{"ts":"yesterday","uri":"/m/42"}""")]
    [InlineData("""{"ts":1795642626,"uri":"\ud800"}""")]
    public void What_is_no_object_or_a_request_without_a_time_is_bad(string text) => Assert.Null(Read(text));

    private static ReadLine? Read(string text) => ReadLine.Of(new JsonParser(new SubjectFields(null, "SID")), text);
}
