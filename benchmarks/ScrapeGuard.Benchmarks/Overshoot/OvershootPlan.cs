namespace ScrapeGuard.Benchmarks.Overshoot;

/// <summary>How many attacks, how fast and on how many nodes.</summary>
internal sealed record OvershootPlan(int Runs, int Limit, double[] Rates, int[] Nodes)
{
    // Attacks of different addresses do not meet, so that many may run at once, up to what a busy machine sends in time.
    private const double MostPerSecond = 1_000;

    public static OvershootPlan From(Arguments arguments)
    {
        var plan = new OvershootPlan(
            arguments.Number("runs", 20), arguments.Number("limit", 40), arguments.Amounts("rates", 5, 50, 500),
            Array.ConvertAll(arguments.Amounts("nodes", 2, 8), nodes => (int)nodes));
        arguments.End();
        return plan;
    }

    /// <summary>How many attacks of this rate run at once.</summary>
    public int AtOnce(double rate) => Math.Clamp((int)(MostPerSecond / rate), 1, Runs);
}
