using System.Globalization;
using ScrapeGuard.Benchmarks.Report;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>How many records each attack is shown under each variant, and who else is refused.</summary>
internal static class AttackTable
{
    private const int EnoughForPercentile = 100;

    public static void Print(SimulationPlan plan)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Runs} runs each, at sites of about {plan.Background} people at work. Records: shown to the attacker, median / {(plan.Runs < EnoughForPercentile ? "most" : "p99")}; seconds: until it was stopped, median; others: people refused by a Block who would not have been without the attack and whose account was not stolen, until 90 minutes after it, mean. An attack that goes on for {plan.Hours} hours, rests for the day or has seen {plan.Most:N0} records is not stopped; then follows what a day's limits let through.\n"));
        foreach (var (title, all) in Attacks.Groups)
        {
            var attacks = all.Where(attack => plan.Only is null || $"{title}: {attack.Name}".Contains(plan.Only, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (attacks.Length > 0)
                Print(plan, title, attacks);
        }
    }

    private static void Print(SimulationPlan plan, string title, Attack[] attacks)
    {
        Progress.Say($"simulate attacks: {title}");
        var runs = plan.Each(attacks.Length * plan.Runs, work => AttackRun.Play(plan, attacks[work / plan.Runs], plan.SeedOf(work % plan.Runs)));
        var columns = plan.Variants.SelectMany(variant => (string[])[$"{variant.Name}: records", "seconds", "others"]);
        var table = new MarkdownTable(["attack", .. columns]);
        foreach (var (number, attack) in attacks.Index())
        {
            var results = runs[(number * plan.Runs)..((number + 1) * plan.Runs)];
            table.Add([attack.Name, .. plan.Variants.SelectMany((variant, index) => Cells(plan, attack, variant, [.. results.Select(all => all[index])]))]);
        }

        Console.WriteLine($"### {title}\n");
        table.Print();
    }

    private static string[] Cells(SimulationPlan plan, Attack attack, Variant variant, AttackResult[] results)
    {
        var shown = results.Select(result => (double)result.Shown).ToArray();
        var records = $"{Records(plan, shown.Median())} / {Records(plan, plan.Runs < EnoughForPercentile ? shown.Max() : shown.Percentile(99))}";
        if (results.Count(result => result.IsAlarmed) is > 0 and var alarmed)
            records += alarmed == results.Length ? ", alarm" : $", alarm in {alarmed} of {results.Length}";
        var going = results.Count(result => !result.IsStopped);
        if (going > 0)
        {
            var bound = variant.DayBound(attack.Accounts, attack.Addresses, attack.PassesStepUps) is { } most ? $", at most {Figure.Of(most)} a day" : "";
            records += $", {(going == results.Length ? "" : $"{going} of {results.Length} ")}not stopped{bound}";
        }

        return
        [
            records,
            going == results.Length ? Figure.None : Figure.Of(results.Where(result => result.IsStopped).Select(result => result.Seconds).Median()),
            Figure.Of(results.Average(result => result.OthersRefused)),
        ];
    }

    private static string Records(SimulationPlan plan, double count) => Figure.Of(count) + (count >= plan.Most ? "+" : "");
}
