namespace ScrapeGuard.Benchmarks.Faults;

/// <summary>The traffic, and how long each fault and the recovery from it take.</summary>
internal sealed record FaultsPlan(double Rate, int Clients, double Scraping, int Limit, TimeSpan Time, TimeSpan Recovery)
{
    public static FaultsPlan From(Arguments arguments)
    {
        var plan = new FaultsPlan(
            arguments.Amount("rate", 400), arguments.Number("clients", 500), arguments.Amount("scraping", 40), arguments.Number("limit", 40),
            arguments.Seconds("seconds", 6), arguments.Seconds("recovery", 6));
        arguments.End();
        return plan;
    }
}
