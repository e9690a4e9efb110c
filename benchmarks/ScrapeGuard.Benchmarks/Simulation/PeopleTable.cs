using System.Diagnostics;
using System.Globalization;
using ScrapeGuard.Benchmarks.Report;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>Who of the people is refused when nobody attacks.</summary>
internal static class PeopleTable
{
    private const int MostOfSite = 50_000;
    private static readonly string[] Roles = ["back office", "shared account", "hospital", "others"];

    public static void Print(SimulationPlan plan)
    {
        var outcomes = Array.ConvertAll(plan.Activities, activity => Outcome.Of(plan, activity));
        Console.WriteLine("### People\n");
        PrintTraffic(outcomes);
        PrintRefused(plan, outcomes);
        PrintRoles(plan, outcomes);
        PrintCauses(plan, outcomes);
        foreach (var outcome in outcomes)
        {
            foreach (var incident in outcome.Incidents.Take(plan.Trace))
                Console.WriteLine($"- {plan.Variants[0].Name}, {Name(outcome)}: {incident.Text}");
        }
    }

    private static void PrintTraffic(Outcome[] outcomes)
    {
        var table = new MarkdownTable(
            "activity", "user-days", "views a day", "records opened a day: mean", "median", "p99", "most", "most in ten minutes: median", "p99", "p99.9", "most", "seconds taken");
        foreach (var outcome in outcomes)
        {
            var opened = outcome.Days.Select(day => (double)day.Opened).ToArray();
            var dense = outcome.Days.Select(day => (double)day.InTenMinutes).ToArray();
            table.Add(
                Name(outcome), Whole(outcome.Days.Length), Figure.Of(outcome.Days.Average(day => day.Views)), Figure.Of(opened.Average()),
                Figure.Of(opened.Median()), Figure.Of(opened.Percentile(99)), Figure.Of(opened.Max()), Figure.Of(dense.Median()),
                Figure.Of(dense.Percentile(99)), Figure.Of(dense.Percentile(99.9)), Figure.Of(dense.Max()), Figure.Of(outcome.Took.TotalSeconds));
        }

        table.Print();
    }

    private static void PrintRefused(SimulationPlan plan, Outcome[] outcomes)
    {
        var table = new MarkdownTable(
            "variant, activity", "user-days", "refused by Block", "per 10,000", "asked to step up", "per 10,000", "requests to step up", "gave up instead", "evicted");
        for (var variant = 0; variant < plan.Variants.Length; variant++)
        {
            foreach (var outcome in outcomes)
            {
                var tally = outcome.Tallies[variant];
                table.Add(
                    $"{plan.Variants[variant].Name}, {Name(outcome)}", Whole(tally.UserDays), Whole(tally.RefusedDays), PerMyriad(tally.RefusedDays, tally),
                    Whole(tally.AskedDays), PerMyriad(tally.AskedDays, tally), Whole(tally.Asked), Whole(tally.GivenUpDays), Whole(tally.Evicted));
            }
        }

        table.Print();
    }

    private static void PrintRoles(SimulationPlan plan, Outcome[] outcomes)
    {
        var columns = Roles.SelectMany(role => (string[])[$"{role}: refused", "asked"]);
        var table = new MarkdownTable(["variant, activity", .. columns]);
        for (var variant = 0; variant < plan.Variants.Length; variant++)
        {
            foreach (var outcome in outcomes)
            {
                var tally = outcome.Tallies[variant];
                var cells = Roles.SelectMany(role => (string[])[Whole(tally.Of(Verdict.Block, role)), Whole(tally.Of(Verdict.StepUp, role))]);
                table.Add([$"{plan.Variants[variant].Name}, {Name(outcome)}", .. cells]);
            }
        }

        table.Print();
    }

    private static void PrintCauses(SimulationPlan plan, Outcome[] outcomes)
    {
        var table = new MarkdownTable("variant, activity, cause", "verdict", "user-days that it met first", "views refused");
        for (var variant = 0; variant < plan.Variants.Length; variant++)
        {
            foreach (var outcome in outcomes)
            {
                foreach (var cause in outcome.Tallies[variant].Causes)
                {
                    var name = $"{plan.Variants[variant].Name}, {Name(outcome)}, {cause.Cause} of {cause.Subject}";
                    table.Add(name, cause.Verdict.ToString(), Whole(cause.Days), Whole(cause.Views));
                }
            }
        }

        table.Print();
    }

    private static string Name(Outcome outcome) => $"x{Figure.Of(outcome.Activity)}";

    private static string Whole(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string PerMyriad(int count, Tally tally) => Figure.Of(count * 10_000.0 / tally.UserDays);

    /// <summary>What came of one activity.</summary>
    private sealed record Outcome(double Activity, Tally[] Tallies, PersonDay[] Days, Incident[] Incidents, TimeSpan Took)
    {
        public static Outcome Of(SimulationPlan plan, double activity)
        {
            var started = Stopwatch.GetTimestamp();
            var sites = Math.Max(2, (plan.UserDays + MostOfSite - 1) / MostOfSite);
            var runs = plan.Each(sites, site => Run(plan, activity, plan.SeedOf(site), sites));
            var tallies = plan.Variants.Select((_, variant) => Sum(runs.Select(run => run.Tallies[variant]))).ToArray();
            return new Outcome(
                activity, tallies, [.. runs.SelectMany(run => run.Days)], [.. runs.SelectMany(run => run.Incidents)], Stopwatch.GetElapsedTime(started));
        }

        private static (Tally[] Tallies, List<PersonDay> Days, Incident[] Incidents) Run(SimulationPlan plan, double activity, int seed, int sites)
        {
            var random = new Random(seed);
            var site = new Site(plan.Traffic, random);
            var day = SiteDay.Write(site, random, 0, activity);
            var incidents = new List<Incident>(plan.Trace);
            var guards = plan.Variants.Select((variant, index) => new GuardedSite(variant, site, day, index == 0 ? incidents : null)).ToArray();
            var days = new List<PersonDay>();
            for (var number = 0; days.Count * sites < plan.UserDays || number == 0; number++)
            {
                if (number > 0)
                    day = SiteDay.Write(site, random, number, activity);
                days.AddRange(number > 0 ? day.People : []);
                foreach (var guard in guards)
                {
                    guard.Begin(day, number > 0);
                    guard.Play();
                }

                Progress.Say($"simulate people: seed {seed}, x{activity}, day {number}");
            }

            foreach (var guard in guards)
                guard.Dispose();
            return (Array.ConvertAll(guards, guard => guard.Tally), days, [.. incidents]);
        }

        private static Tally Sum(IEnumerable<Tally> tallies)
        {
            var sum = new Tally();
            foreach (var tally in tallies)
                sum.Add(tally);
            return sum;
        }
    }
}
