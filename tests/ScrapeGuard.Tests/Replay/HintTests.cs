using System.Text;
using ScrapeGuard.Tool.Replay.Merging;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>Logs of which little can be made, and what is said of why.</summary>
public sealed class HintTests : IDisposable
{
    private readonly ReplayFolder folder = new();
    private readonly LogText log = new LogText(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero)).Take("203.0.113.7", from: 1, count: 9);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Views_without_a_status_are_told_with_where_to_log_it()
    {
        var lines = string.Concat(Enumerable.Range(1, 59).Select(number => $$"""{"ts":{{number}},"remote_addr":"203.0.113.7","uri":"/members/{{number}}"}""" + "\n"));

        var (output, _, _) = await ReplayFolder.RunAsync(folder.Add("access.json", lines));

        Assert.Contains("59 views without a status showed no record: have the server log it, as sc-status in W3C", output, StringComparison.Ordinal);
        Assert.DoesNotContain("without a status", (await ReplayFolder.RunAsync(folder.Add("access.log", log.ToString()))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_whose_id_is_empty_is_named_where_no_page_is_found()
    {
        var (output, _, _) = await ReplayFolder.RunAsync(folder.Add("access.log", log.ToString()), "--record", @"(?<record>\d*)");

        Assert.Contains(@"--record '(?<record>\d*)' matches with nothing in its group record: have that match one letter or more", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_log_that_PowerShell_wrote_in_UTF_16_is_read(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        log.Add("203.0.113.8", "GET /members/é");

        var result = await ReplayFolder.RunJsonAsync(folder.Add("access.log", [.. encoding.GetPreamble(), .. encoding.GetBytes(log.ToString())]));

        Assert.Equal((10, 0, 10), (result.GetProperty("lines").GetInt32(), result.GetProperty("badLines").GetInt32(), result.GetProperty("views").GetInt32()));
    }

    [Fact]
    public async Task W3C_without_its_fields_says_that_they_are_missing()
    {
        var (output, _, exitCode) = await ReplayFolder.RunAsync(folder.Add("u_ex.log", "2026-11-25 08:00:00 10.0.0.1 GET /members/1 - 443 - 203.0.113.7 - 200 15\n"));

        Assert.Equal(1, exitCode);
        Assert.Contains("u_ex.log:1: (no line #Fields: before it, which W3C needs) 2026-11-25 08:00:00", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_too_long_says_so()
    {
        var (output, _, _) = await ReplayFolder.RunAsync(folder.Add("access.log", $"{log}{new string('x', 3 << 20)}\n{log}"));

        Assert.Contains("access.log:10: (longer than 1 MB) xxx", output, StringComparison.Ordinal);
        Assert.Contains("Read 19 lines", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_told_with_what_to_do()
    {
        var figures = new ReadFigures();
        figures.AddClosed("access.log", new UnauthorizedAccessException("Access to the path is denied."));
        figures.AddCut("b.log", 1, new IOException("Input/output error."));

        Assert.Equal(
            ["access.log may not be read by this user; allow it, or run the command as a user who may.", "b.log cannot be read: Input/output error; the figures cover the line before."],
            figures.Problems);
    }
}
