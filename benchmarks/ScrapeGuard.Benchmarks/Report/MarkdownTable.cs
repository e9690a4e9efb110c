namespace ScrapeGuard.Benchmarks.Report;

/// <summary>A table that a README takes as it is: the first column is text, the others are figures.</summary>
internal sealed class MarkdownTable(params string[] columns)
{
    private readonly List<string[]> rows = [];

    public void Add(params string[] cells) => rows.Add(cells);

    public void Print()
    {
        Print(columns);
        Print([.. columns.Select((_, index) => index == 0 ? "---" : "---:")]);
        foreach (var row in rows)
            Print(row);
        Console.WriteLine();
    }

    private static void Print(string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}
