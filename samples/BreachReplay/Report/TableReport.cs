using System.Globalization;
using BreachReplay.Actors;
using BreachReplay.Portals;

namespace BreachReplay.Report;

/// <summary>The outcome as aligned text, the bots last.</summary>
internal static class TableReport
{
    public static void Write(TextWriter output, Outcome outcome, IReadOnlyList<string> failures)
    {
        List<string[]> rows = [["Address", "Account", "Records shown", "Refused", "How it ended"]];
        rows.AddRange(outcome.Cast.Professionals.Select(professional => Row(professional.Tally, Ending.Of(professional.Tally, block: null))));
        rows.AddRange(outcome.AtTheClinic.Accounts.Select(Row));
        foreach (var result in outcome.Scraping)
        {
            rows.AddRange(result.Accounts.Select(Row));
            rows.Add(Row(result.Scraper.Address, "all its accounts", result.Scraper.Records.Count, result.Scraper.Tallies.Sum(t => t.Refused), Ending.Of(result)));
        }

        WriteRows(output, rows);
        output.WriteLine();
        foreach (var account in outcome.Scraping.SelectMany(result => result.Accounts).Where(account => account.Block?.Explanation is { Length: > 0 }))
            output.WriteLine($"{account.Tally.Account}: {Cause(account.Block!)}");
        foreach (var result in outcome.Scraping.Where(result => result.Block?.Explanation is { Length: > 0 }))
            output.WriteLine($"{result.Scraper.Address}: {Cause(result.Block!)}");
        WriteVerdict(output, failures);
    }

    private static void WriteVerdict(TextWriter output, IReadOnlyList<string> failures)
    {
        output.WriteLine(failures.Count == 0
            ? "Passed: the scraping was stopped, and nobody else was refused a single request."
            : "Failed:");
        foreach (var failure in failures) output.WriteLine($"  - {failure}");
    }

    // What it was not past follows, for operators who look into one block.
    private static string Cause(BlockEntry block) => block.Explanation!.Split(". ")[0].TrimEnd('.') + ".";

    private static string[] Row(AccountResult account) => Row(account.Tally, Ending.Of(account.Tally, account.Block));

    private static string[] Row(Tally tally, string ending) => Row(tally.Address, tally.Account, tally.Count, tally.Refused, ending);

    private static string[] Row(string address, string account, int shown, int refused, string ending) =>
        [address, account, shown.ToString(CultureInfo.InvariantCulture), refused.ToString(CultureInfo.InvariantCulture), ending];

    private static void WriteRows(TextWriter output, List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        rows.Insert(1, [.. widths.Select(width => new string('-', width))]);
        foreach (var row in rows)
        {
            // The figures stand to the right of their columns.
            var cells = row.Select((cell, column) => column is 2 or 3 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
