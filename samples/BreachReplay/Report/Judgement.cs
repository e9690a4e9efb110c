using BreachReplay.Actors;
using BreachReplay.Portals;

namespace BreachReplay.Report;

/// <summary>What must hold at the end.</summary>
internal static class Judgement
{
    /// <summary>
    /// How many more an account may be shown for each further node: where it takes the nodes in turn, each knows every other number only, and hears a moment
    /// later that those between were shown too.
    /// </summary>
    private const int MostPerOtherNode = 8;

    private static readonly TimeSpan LastPage = TimeSpan.FromSeconds(7);

    /// <summary>What does not hold, one sentence each.</summary>
    public static IReadOnlyList<string> Failures(Outcome outcome) =>
    [
        .. outcome.Scraping.Append(outcome.AtTheClinic).SelectMany(result => Scraping(result, outcome.Nodes)),
        .. Others(outcome.Cast),
        .. Work(outcome.Cast),
        .. Answers(outcome),
    ];

    private static IEnumerable<string> Scraping(ScrapingResult result, int nodes)
    {
        var scraper = result.Scraper;
        var most = scraper.Most + (MostPerOtherNode * (nodes - 1) * result.Accounts.Count);
        if (scraper.Records.Count > most)
            yield return $"The scraper at {scraper.Address} was shown {scraper.Records.Count} distinct records; at most {most} are allowed.";
        foreach (var account in result.Accounts)
        {
            var name = account.Tally.Account;
            if (scraper.Confirms && account.Block is null) yield return $"{name} confirmed whatever it was asked and has no entry among the blocks.";
            foreach (var (node, answer) in account.Probes.Index().Where(probe => !IsRefused(probe.Item, scraper)))
                yield return $"{name} was not refused when it asked node {node + 1} for one more record: {answer}.";
        }
    }

    private static bool IsRefused(Answer answer, Scraper scraper) => answer == Answer.Blocked || (answer == Answer.StepUp && !scraper.Confirms);

    private static IEnumerable<string> Others(Cast cast) =>
        from professional in cast.Professionals
        let tally = professional.Tally
        where tally.Refused > 0
        select $"{tally.Account} at {tally.Address} was refused {tally.Refused} requests and scraped nothing.";

    private static IEnumerable<string> Work(Cast cast) =>
        from colleague in cast.Professionals
        where !WorkedToTheEnd(colleague, cast)
        select $"{colleague.Tally.Account} at {colleague.Tally.Address} did not work to the end: {colleague.Tally.Count} of {colleague.Need} records, "
            + $"the last page at {colleague.Tally.LastShown?.TotalSeconds ?? 0:0} s.";

    private static bool WorkedToTheEnd(Professional professional, Cast cast) =>
        professional.Tally.Count >= professional.Need && professional.Tally.LastShown >= cast.SceneLength - LastPage;

    private static IEnumerable<string> Answers(Outcome outcome)
    {
        if (outcome.BlocksFailure is not null) yield return $"The blocks could not be read: {outcome.BlocksFailure}";
        foreach (var tally in outcome.Cast.Tallies.Where(tally => tally.Failures > 0))
            yield return $"{tally.Account} at {tally.Address} got {tally.Failures} answers that are none, the first: {tally.Failure}.";
    }
}
