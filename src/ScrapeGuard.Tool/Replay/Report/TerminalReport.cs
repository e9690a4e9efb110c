using Spectre.Console;

namespace ScrapeGuard.Tool.Replay.Report;

/// <summary>The report as a table, for a person at a terminal. Where it has no room for all columns, it leaves away those that matter least.</summary>
internal static class TerminalReport
{
    /// <summary>What a column takes besides its text: a line, and a space on either side.</summary>
    private const int Around = 3;

    private const int LeastOfUserAgent = 12;

    /// <summary>The columns that can be missed, the first of all first.</summary>
    private static readonly string[] Dispensable = [ReportText.UserAgent, "Misses", "At (UTC)", "Views", "Records"];

    public static void Write(IAnsiConsole console, ReplayResult result)
    {
        foreach (var sentence in ReportText.Summary(result))
            console.WriteLine(sentence);
        foreach (var note in ReportText.Notes(result))
            console.WriteLine(note, new Style(Color.Yellow));
        if (result.Views == 0)
            return;
        var rows = ReportText.Rows(result).ToArray();
        var (columns, left) = Fitting(rows, console.Profile.Width - 1);
        console.Write(TableOf(rows, columns, left));
        string[] missing = [.. ReportText.Columns.Select(column => column.Name).Where((_, column) => !columns.Contains(column))];
        if (missing.Length > 0)
            console.WriteLine($"No room for {string.Join(", ", missing)}: widen the terminal, or redirect the output.");
    }

    /// <summary>The columns that there is room for, and how wide the user agent may be.</summary>
    private static (List<int> Columns, int UserAgent) Fitting(string[][] rows, int width)
    {
        var columns = Enumerable.Range(0, ReportText.Columns.Count).ToList();
        int WidthOf(int column) => rows.Select(row => row[column].Length).Append(ReportText.Columns[column].Name.Length).Max();
        int Left() => width - columns.Sum(column => Around + (IsUserAgent(column) ? Math.Min(LeastOfUserAgent, WidthOf(column)) : WidthOf(column)));
        foreach (var name in Dispensable)
        {
            if (Left() < 0)
                columns.RemoveAll(column => ReportText.Columns[column].Name == name);
        }

        return (columns, LeastOfUserAgent + Math.Max(0, Left()));
    }

    private static Table TableOf(string[][] rows, List<int> columns, int userAgent)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var (name, isFigure) in columns.Select(column => ReportText.Columns[column]))
        {
            var column = new TableColumn(name).NoWrap();
            table.AddColumn(isFigure ? column.RightAligned() : column);
        }

        foreach (var row in rows)
            table.AddRow([.. columns.Select(column => CellOf(IsUserAgent(column) ? ReportText.Cut(row[column], userAgent) : row[column]))]);
        return table;
    }

    private static bool IsUserAgent(int column) => ReportText.Columns[column].Name == ReportText.UserAgent;

    private static Text CellOf(string text) => new(text, text switch
    {
        nameof(Verdict.Block) => new Style(Color.Red),
        nameof(Verdict.StepUp) => new Style(Color.Yellow),
        _ => Style.Plain,
    });
}
