using Spectre.Console;

namespace ScrapeGuard.Tool.Replay.Report;

/// <summary>The report as a table, for a person at a terminal.</summary>
internal static class TerminalReport
{
    public static void Write(IAnsiConsole console, ReplayResult result)
    {
        foreach (var sentence in ReportText.Summary(result))
            console.WriteLine(sentence);
        foreach (var note in ReportText.Notes(result))
            console.WriteLine(note, new Style(Color.Yellow));
        if (result.Views > 0)
            console.Write(TableOf(result));
    }

    private static Table TableOf(ReplayResult result)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var (name, isFigure) in ReportText.Columns)
        {
            var column = new TableColumn(name);
            table.AddColumn(isFigure ? column.RightAligned().NoWrap() : column);
        }

        foreach (var row in ReportText.Rows(result))
            table.AddRow([.. row.Select(cell => new Text(cell, StyleOf(cell)))]);
        return table;
    }

    private static Style StyleOf(string cell) => cell switch
    {
        nameof(Verdict.Block) => new Style(Color.Red),
        nameof(Verdict.StepUp) => new Style(Color.Yellow),
        _ => Style.Plain,
    };
}
