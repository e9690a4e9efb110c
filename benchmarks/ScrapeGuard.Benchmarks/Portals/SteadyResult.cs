namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>What became of a <see cref="SteadyLoad"/>.</summary>
/// <param name="Microseconds">Of each view.</param>
/// <param name="Took">Until the last was sent.</param>
internal sealed record SteadyResult(double[] Microseconds, TimeSpan Took)
{
    public double PerSecond => Microseconds.Length / Took.TotalSeconds;
}
