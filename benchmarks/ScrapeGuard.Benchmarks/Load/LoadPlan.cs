namespace ScrapeGuard.Benchmarks.Load;

/// <summary>How long and how hard.</summary>
internal sealed record LoadPlan(int Rounds, TimeSpan Time, TimeSpan WarmUp, int Connections, int Threads, int? Clients, string? Only, string? Rows)
{
    /// <summary>Whether a variant is asked for; those without ScrapeGuard always are.</summary>
    public bool Asks(Variant variant) => variant.Settings is null || Rows is null || variant.Name.Contains(Rows, StringComparison.Ordinal);

    public static LoadPlan From(Arguments arguments)
    {
        var plan = new LoadPlan(
            arguments.Number("rounds", 10), arguments.Seconds("seconds", 2), arguments.Seconds("warm-up", 4), arguments.Number("connections", 32),
            arguments.Number("wrk-threads", 1), arguments.Number("clients", 0) is var clients and > 0 ? clients : null, arguments.Word("app"), arguments.Word("rows"));
        arguments.End();
        return plan;
    }
}
