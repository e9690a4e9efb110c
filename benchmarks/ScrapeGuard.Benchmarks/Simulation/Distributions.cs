namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>What people do, drawn: the same numbers for the same seed on every machine.</summary>
internal static class Distributions
{
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static double Exponential(this Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <param name="random">What draws.</param>
    /// <param name="mean">The mean of the values, not of their logarithms.</param>
    /// <param name="spread">The standard deviation of their logarithms.</param>
    public static double LogNormal(this Random random, double mean, double spread) => mean * Math.Exp((spread * random.Normal()) - (spread * spread / 2));

    /// <summary>How often something rare happens; past 60 by the normal law, which is as good there.</summary>
    public static int Poisson(this Random random, double mean)
    {
        if (mean > 60)
            return (int)Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * random.Normal())));
        var count = 0;
        for (var product = random.NextDouble(); product > Math.Exp(-mean); product *= random.NextDouble())
            count++;
        return count;
    }

    /// <summary>How often something is done again that each time is done again with this probability.</summary>
    public static int Repeats(this Random random, double probability) => (int)(Math.Log(1 - random.NextDouble()) / Math.Log(probability));
}
