namespace ScrapeGuard.Benchmarks.Simulation;

internal static class AttackTable
{
    public static void Print(SimulationPlan plan)
    {
    }
}
