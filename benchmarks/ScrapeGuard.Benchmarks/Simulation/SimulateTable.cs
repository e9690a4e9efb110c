using System.Globalization;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>How soon attackers are stopped, and which people with them, in simulated time.</summary>
internal static class SimulateTable
{
    public static readonly Command Command = new(
        "simulate",
        "how many records does an attacker see, and how many people are refused?",
        "[people | attacks] --seed 1 --threads 2 --sensitivity 1 --config FILE --variant TEXT --user-days 100000 --activity 1,1.5,2 --trace 0 --runs 30 --only TEXT; README.md lists the traffic's",
        "--user-days 5000 --runs 2",
        AnswerAsync);

    private static Task AnswerAsync(Arguments arguments)
    {
        var people = arguments.Says("people");
        var attacks = arguments.Says("attacks");
        var plan = new SimulationPlan(arguments);
        arguments.End();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {plan.Seed}; sensitivity {plan.Sensitivity}; {plan.Budget >> 20} MiB for tracked subjects. Invented traffic: {plan.Traffic.Describe()}.\n"));
        if (people || !attacks)
            PeopleTable.Print(plan);
        if (attacks || !people)
            AttackTable.Print(plan);
        return Task.CompletedTask;
    }
}
