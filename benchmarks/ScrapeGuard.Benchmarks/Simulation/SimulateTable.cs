using System.Globalization;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>Which people are refused, in simulated time.</summary>
internal static class SimulateTable
{
    public static readonly Command Command = new(
        "simulate",
        "how many people are refused when nobody attacks?",
        "--seed 1 --threads 2 --sensitivity 1 --user-days 100000 --activity 1,1.5,2 --trace 0; the README has the traffic's",
        "--user-days 5000",
        AnswerAsync);

    private static Task AnswerAsync(Arguments arguments)
    {
        var plan = new SimulationPlan(arguments);
        arguments.End();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {plan.Seed}; sensitivity {plan.Sensitivity}; {plan.Budget >> 20} MiB for tracked subjects. Invented traffic: {plan.Traffic.Describe()}.\n"));
        PeopleTable.Print(plan);
        return Task.CompletedTask;
    }
}
