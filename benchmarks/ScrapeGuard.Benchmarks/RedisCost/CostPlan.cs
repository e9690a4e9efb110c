namespace ScrapeGuard.Benchmarks.RedisCost;

/// <summary>How many views, of whom and of what.</summary>
internal sealed record CostPlan(double[] Rates, int Clients, double Novel, TimeSpan Time, TimeSpan WarmUp, int Pairs)
{
    public static CostPlan From(Arguments arguments)
    {
        var plan = new CostPlan(
            arguments.Amounts("rates", 1_000, 10_000), arguments.Number("clients", 1_000), arguments.Amount("novel", 0.4), arguments.Seconds("seconds", 10),
            arguments.Seconds("warm-up", 3), arguments.Number("pairs", 5_000));
        arguments.End();
        return plan;
    }
}
