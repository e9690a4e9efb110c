namespace ScrapeGuard.Benchmarks.Load;

/// <summary>A client as wrk plays it: where it comes from, who it says it is, and the cookies it has by now.</summary>
internal sealed record Visitor(string Address, string Account, string Cookies)
{
    /// <summary>A line of the file that views.lua reads.</summary>
    public string Line => $"{Address}\t{Account}\t{Cookies}";
}
