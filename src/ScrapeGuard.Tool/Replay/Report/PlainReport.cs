namespace ScrapeGuard.Tool.Replay.Report;

/// <summary>The report as text in columns, for files and pipes.</summary>
internal static class PlainReport
{
    private const string Gap = "  ";

    public static void Write(TextWriter output, ReplayResult result)
    {
        foreach (var sentence in ReportText.Summary(result).Concat(ReportText.Notes(result)))
            output.WriteLine(sentence);
        if (result.Views > 0)
            WriteTable(output, [[.. ReportText.Columns.Select(column => column.Name)], .. ReportText.Rows(result)]);
    }

    private static void WriteTable(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var widths = ReportText.Columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        output.WriteLine();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => ReportText.Columns[column].IsFigure ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
    }
}
