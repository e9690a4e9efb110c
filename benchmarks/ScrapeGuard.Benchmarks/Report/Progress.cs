namespace ScrapeGuard.Benchmarks.Report;

/// <summary>What is going on, on standard error: standard output is for the tables.</summary>
internal static class Progress
{
    public static void Say(string what) => Console.Error.WriteLine(what);
}
