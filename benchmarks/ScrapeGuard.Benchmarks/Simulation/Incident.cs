using System.Globalization;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>A person's first refusal of a day, and what the person had meant to do until then.</summary>
/// <param name="Text">The facts on one line.</param>
internal sealed record Incident(string Text)
{
    public static Incident Of(Site site, SiteDay day, int index, ScrapeGuardAssessment assessment)
    {
        var refused = day.Views[index];
        var person = site.People[refused.Person];
        var done = day.Views.Take(index + 1).Where(view => view.Person == refused.Person).ToArray();
        var when = day.Date.AddMilliseconds(refused.At).ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var role = person.IsOffice ? "back office" : "professional";
        var sharing = person.Account is null ? 0 : site.People.Count(other => other.Account == person.Account) - 1;
        var with = sharing > 0 ? $", account shared with {sharing}" : "";
        var from = refused.Device == 0 ? "" : $", from {person.Second!.Kind}";
        var count = assessment.Max > 0 ? $"{assessment.Count} of {assessment.Max}" : "blocked before";
        var fact = string.Create(
            CultureInfo.InvariantCulture,
            $"{when} person {refused.Person} ({role}, {person.Opened:0} a day, {person.Place.Kind} of {person.Place.Size}{with}{from}): {assessment.Verdict} by {assessment.Cause} of {assessment.Subject} ({count}); ");
        return new Incident(fact + Summary(site, done));
    }

    private static string Summary(Site site, PlannedView[] done)
    {
        var known = new HashSet<int>();
        var novel = done.Where(view => view.Record < site.Traffic.Records && known.Add(view.Record)).ToArray();
        var misses = done.Where(view => view.Record >= site.Traffic.Records).ToArray();
        var now = done[^1].At;
        var adjacent = Enumerable.Range(0, novel.Length).Count(
            place => novel[Math.Max(0, place - 8)..place].Any(before => Math.Abs(before.Record - novel[place].Record) <= 2));
        int Within(PlannedView[] views, int seconds) => views.Count(view => view.At > now - (seconds * 1000));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"records {novel.Length} today, {Within(novel, 3600)} in 1 h, {Within(novel, 600)} in 10 min, {Within(novel, 60)} in 1 min, {Within(novel, 10)} in 10 s; adjacent {adjacent}; misses {misses.Length} today, {Within(misses, 600)} in 10 min; views {done.Length}");
    }
}
