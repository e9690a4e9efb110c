using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using ScrapeGuard.Tool.Replay.Reading;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Reading;

public class FormatTests
{
    private const string Header = "#Fields: date time c-ip cs-username cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)\n";

    private static readonly DateTimeOffset Start = new(2010, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcXYZ019-._~%/é"], 1, 12];

    private static readonly Gen<ReadLine> Line = Gen.Select(
        Gen.Int[0, 500_000_000].Select(seconds => Start.AddSeconds(seconds)),
        Gen.OneOf(
            Gen.UInt.Select(bits => new System.Net.IPAddress(bits).ToString()),
            Gen.Byte.Array[16].Select(bytes => new System.Net.IPAddress(bytes).ToString()),
            Gen.Const("pc7.clinic.example")),
        Gen.OneOf(Gen.Const(""), Word.Select(word => $"u{word}")),
        Gen.OneOf(Gen.Const("GET"), Gen.Const("HEAD"), Gen.Const("POST")),
        Gen.Select(Word, Gen.OneOf(Gen.Const(""), Word.Select(word => $"?q={word}")), (path, query) => $"/{path}{query}"),
        Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char["abc /;()\"\\é\t"], 1, 30].Select(text => $"x{text}x")),
        Gen.Int[100, 599],
        (at, client, account, method, target, userAgent, status) => new ReadLine(at, client, account, "", method, target, userAgent, status));

    [Fact]
    public void A_view_written_in_Combined_is_read_back() =>
        Line.Sample(line => Assert.Equal(line, ReadLine.Of(new CombinedParser(new SubjectFields("user", null)), Combined(line))));

    [Fact]
    public void A_view_written_in_W3C_is_read_back() => Line.Sample(line =>
    {
        var written = line with { UserAgent = line.UserAgent.Replace('\t', ' ') };
        var parser = new W3CParser(new SubjectFields("cs-username", null));
        ReadLine.Of(parser, Header.TrimEnd());
        Assert.Equal(written, ReadLine.Of(parser, W3C(written)));
    });

    [Fact]
    public void A_view_written_as_JSON_is_read_back() =>
        Line.Sample(line => Assert.Equal(line, ReadLine.Of(new JsonParser(new SubjectFields("account", null)), Json(line))));

    [Fact]
    public void The_format_is_found_out_from_the_first_lines_with_the_earliest_time_in_them()
    {
        Line.Array[1, 20].Sample(lines =>
        {
            var first = lines.Min(line => line.At.UtcTicks);
            Assert.Equal((LogFormat.Combined, first), Detect(string.Join("\r\n", lines.Select(Combined))));
            Assert.Equal((LogFormat.W3C, first), Detect(Header + string.Join('\n', lines.Select(W3C))));
            Assert.Equal((LogFormat.Json, first), Detect(string.Join('\n', lines.Select(Json))));
        });
    }

    [Fact]
    public void Whatever_the_bytes_no_format_throws()
    {
        var noise = Gen.OneOf(
            Gen.Byte.Array[0, 300],
            Gen.Select(Line, Gen.Int[0, 2], Gen.Int[0, 400], Gen.Byte, (line, format, place, value) => Damaged(Written(line, format), place, value)));
        LineParser[] parsers = [new CombinedParser(new("user", "user")), new W3CParser(new("cs-username", null)), new JsonParser(new("account", "sid"))];
        ReadLine.Of(parsers[1], Header.TrimEnd());
        noise.Sample(
            bytes =>
            {
                foreach (var parser in parsers)
                    ReadLine.Of(parser, bytes);
                FormatDetector.Detect(bytes, LogFormat.Auto);
            },
            iter: 20_000, threads: 1);
    }

    private static string Written(ReadLine line, int format) => format switch
    {
        0 => Combined(line),
        1 => W3C(line),
        _ => Json(line),
    };

    private static byte[] Damaged(string text, int place, byte value)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes[place % bytes.Length] = value;
        return place % 3 == 0 ? bytes[..(place % bytes.Length)] : bytes;
    }

    private static (LogFormat Format, long? FirstAt) Detect(string text) => FormatDetector.Detect(Encoding.UTF8.GetBytes(text), LogFormat.Auto);

    private static string Combined(ReadLine line)
    {
        var at = line.At.ToOffset(TimeSpan.FromMinutes(330)).ToString("dd/MMM/yyyy:HH:mm:ss '+0530'", CultureInfo.InvariantCulture);
        return $"{line.Client} - {OrDash(line.Account)} [{at}] \"{Escape(line.Method)} {Escape(line.Target)} HTTP/1.1\" {line.Status} 12 \"-\" \"{Escape(OrDash(line.UserAgent))}\"";
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\t", "\\t").Replace("é", "\\xc3\\xA9");

    private static string W3C(ReadLine line)
    {
        var parts = line.Target.Split('?');
        var query = parts.Length > 1 ? parts[1] : "-";
        var userAgent = OrDash(line.UserAgent.Replace(' ', '+').Replace('\t', '+'));
        return $"{line.At:yyyy-MM-dd HH:mm:ss} {line.Client} {OrDash(line.Account)} {line.Method} {parts[0]} {query} {line.Status} {userAgent}";
    }

    private static string Json(ReadLine line) => JsonSerializer.Serialize(new
    {
        ts = line.At.ToUnixTimeMilliseconds() / 1000.0,
        remote_addr = line.Client,
        account = line.Account,
        request = $"{line.Method} {line.Target} HTTP/2.0",
        status = line.Status,
        http_user_agent = line.UserAgent,
    });

    private static string OrDash(string text) => text.Length == 0 ? "-" : text;
}
