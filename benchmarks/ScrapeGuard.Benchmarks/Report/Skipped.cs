namespace ScrapeGuard.Benchmarks.Report;

/// <summary>What could not be measured, and what it said: a table without a row says why.</summary>
internal sealed class Skipped
{
    private readonly List<string> lines = [];

    public void Add(string what, string why) => lines.Add($"- {what}: skipped: {why}");

    public void Print()
    {
        foreach (var line in lines.Distinct())
            Console.WriteLine(line);
        if (lines.Count > 0)
            Console.WriteLine();
    }
}
