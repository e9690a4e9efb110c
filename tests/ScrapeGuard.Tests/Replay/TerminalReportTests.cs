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
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 200;

        TerminalReport.Write(console, ReplayResult.Of(judge, figures) with { Files = 1 });

        Assert.Contains("Read 1 lines of 1 file", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("[a].log:1: [/]", output.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"│ \[red\]pc7\[/\] │ +2 │ +1 │ +0 │ Block", output.ToString());
        Assert.Contains("[bold]?[2J", output.ToString(), StringComparison.Ordinal);
    }
}
