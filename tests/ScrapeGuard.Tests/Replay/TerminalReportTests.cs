using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay;
using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Merging;
using ScrapeGuard.Tool.Replay.Report;
using Spectre.Console;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

public class TerminalReportTests
{
    [Fact]
    public void A_table_shows_what_a_client_wrote_as_it_is()
    {
        var tallies = new TallyTable(10);
        var client = new LoggedClient("[red]pc7[/]"u8);
        var view = new LoggedView(0, client, null, null, new("page", "/", 8), "[bold]\u001b[2J", IsHead: false, Outcome.Displayed);
        tallies.Of(client, 64).Count(view, new(Verdict.Block, ScrapeGuardMode.Enforce, "address-10min", SubjectType.Address), isAccused: true);
        var figures = new ReadFigures { Lines = 1 };
        figures.AddBad("[a].log", 1, "[/]"u8);
        using var judge = new LogJudge(_ => { }, tallies);
        judge.Take(view);

        var output = Written(ReplayResult.Of(judge, figures) with { Files = 1 }, width: 200);

        Assert.Contains("Read 1 line of 1 file", output, StringComparison.Ordinal);
        Assert.Contains("[a].log:1: [/]", output, StringComparison.Ordinal);
        Assert.Matches(@"│ \[red\]pc7\[/\] │ +2 │ +1 │ +0 │ Block", output);
        Assert.Contains("[bold]?[2J", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(160, "Client Views Records Misses Verdict Cause At (UTC) Before Kept User agent")]
    [InlineData(132, "Client Views Records Misses Verdict Cause At (UTC) Before Kept User agent")]
    [InlineData(112, "Client Views Records Misses Verdict Cause At (UTC) Before Kept")]
    [InlineData(105, "Client Views Records Verdict Cause At (UTC) Before Kept")]
    [InlineData(80, "Client Views Records Verdict Cause Before Kept")]
    public void In_a_narrow_terminal_each_client_has_one_line_and_what_matters_least_is_left_away(int width, string columns)
    {
        var tallies = new TallyTable(10);
        var client = new LoggedClient("203.104.213.117"u8);
        var view = new LoggedView(0, client, null, null, new("page", "/", 8), new string('x', 90), IsHead: false, Outcome.Displayed);
        tallies.Of(client, 64).Count(view, new(Verdict.Block, ScrapeGuardMode.Enforce, "address-10min", SubjectType.Address), isAccused: true);
        using var judge = new LogJudge(_ => { }, tallies);
        judge.Take(view);

        var output = Written(ReplayResult.Of(judge, new ReadFigures()), width).Split('\n');

        Assert.Equal(columns, string.Join(' ', output.Single(line => line.StartsWith("│ Client", StringComparison.Ordinal)).Split('│', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
        Assert.Single(output, line => line.Contains("203.104.213.117", StringComparison.Ordinal) && line.Contains("address-10min", StringComparison.Ordinal));
        Assert.Equal(width < 120, output.Any(line => line.StartsWith("No room for ", StringComparison.Ordinal)));
    }

    private static string Written(ReplayResult result, int width)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        TerminalReport.Write(console, result);
        return output.ToString();
    }
}
