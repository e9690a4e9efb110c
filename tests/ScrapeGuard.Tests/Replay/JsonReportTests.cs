using System.Text;
using System.Text.Json;
using ScrapeGuard.Tool.Replay;
using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Merging;
using ScrapeGuard.Tool.Replay.Report;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>What another program can tell of a result.</summary>
public sealed class JsonReportTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    private readonly ReplayFolder folder = new();
    private readonly LogText log = new LogText(Start).Take("203.0.113.7", from: 1, count: 3).Take("198.51.100.1", from: 1, count: 1);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_whole_result_names_its_time_and_addresses_and_misses_nothing()
    {
        var result = await ReplayFolder.RunJsonAsync(folder.Add("access.log", log.ToString()));

        Assert.Equal((2, Start, Start.AddSeconds(6)), (result.GetProperty("addresses").GetInt32(), result.GetProperty("from").GetDateTimeOffset(), result.GetProperty("to").GetDateTimeOffset()));
        Assert.False(result.GetProperty("isStopped").GetBoolean());
        Assert.Empty(result.GetProperty("problems").EnumerateArray());
        Assert.Equal("0 0 0", LeftOut(result));
    }

    [Fact]
    public async Task What_could_not_be_read_is_among_the_problems()
    {
        var cut = folder.Add("a.gz", Reading.LineReaderTests.Compressed(log.ToString())[..^1]);

        var (output, error, exitCode) = await ReplayFolder.RunAsync(cut, folder.Add("access.log", log.ToString()), "--json", "-");

        Assert.Equal(2, exitCode);
        using var json = JsonDocument.Parse(output);
        var problem = json.RootElement.GetProperty("problems").EnumerateArray().Single().GetString()!;
        Assert.Contains("ends in the middle of its gzip data", problem, StringComparison.Ordinal);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_stopped_and_who_was_left_out_is_told()
    {
        var tallies = new TallyTable(10);
        using var judge = new LogJudge(_ => { }, tallies);
        for (var number = 0; number < 11; number++)
            judge.Take(new LoggedView { Client = new LoggedClient(Encoding.UTF8.GetBytes($"203.0.113.{number}")), Page = new("page", "/", 8) });
        using var output = new MemoryStream();

        JsonReport.Write(output, ReplayResult.Of(judge, new ReadFigures()) with { IsStopped = true });

        using var json = JsonDocument.Parse(output.ToArray());
        Assert.True(json.RootElement.GetProperty("isStopped").GetBoolean());
        Assert.Equal(11, json.RootElement.GetProperty("addresses").GetInt32());
        Assert.Equal("5 0 1", LeftOut(json.RootElement));
    }

    private static string LeftOut(JsonElement result) =>
        string.Join(' ', new[] { "clients", "withVerdict", "mostViews" }.Select(name => result.GetProperty("leftOut").GetProperty(name).GetInt32()));
}
