using BreachReplay.Actors;
using BreachReplay.Portals;

namespace BreachReplay.Report;

/// <summary>What must hold at the end of the day.</summary>
internal static class Judgement
{
    private const int MostPerAddress = 120;
    private const int MostPerAccount = 60;

    /// <summary>What a node may show before it hears of the others: it tells them of an account past half of its limit at once, which takes milliseconds.</summary>
    private const int MostPerOtherNode = 2;

    private static readonly TimeSpan EndOfDay = TimeSpan.FromSeconds(7);

    /// <summary>What does not hold, one sentence each.</summary>
    public static IReadOnlyList<string> Failures(Outcome outcome) =>
        [.. outcome.Scraping.SelectMany(Scraping), .. Accounts(outcome), .. Others(outcome.Cast), .. AtTheClinic(outcome), .. Answers(outcome)];

    private static IEnumerable<string> Scraping(ScrapingResult result)
    {
        var address = result.Scraper.Address;
        if (result.Scraper.Records.Count > MostPerAddress)
            yield return $"{address} was shown {result.Scraper.Records.Count} distinct records; at most {MostPerAddress} are allowed.";
        if (result.Block is null) yield return $"{address} has no entry among the blocks.";
        foreach (var (node, answer) in result.Probes.Index().Where(probe => probe.Item != Answer.Blocked))
            yield return $"{address} was not answered 429 when it asked node {node + 1} for one more record: {answer}.";
    }

    private static IEnumerable<string> Accounts(Outcome outcome)
    {
        var nodes = outcome.Scraping.Max(result => result.Probes.Count);
        var most = MostPerAccount + (MostPerOtherNode * (nodes - 1));
        return
            from tally in outcome.Cast.Tallies
            where tally.Count > most
            select $"{tally.Account} was shown {tally.Count} distinct records; at most {most} are allowed.";
    }

    private static IEnumerable<string> Others(Cast cast) =>
        from professional in cast.Professionals
        let tally = professional.Tally
        where tally.Refused > 0
        select $"{tally.Account} at {tally.Address} was refused {tally.Refused} requests and scraped nothing.";

    private static IEnumerable<string> AtTheClinic(Outcome outcome)
    {
        var scraper = outcome.Cast.ClinicScraper.Tallies[0];
        if (outcome.ClinicProbe is not (Answer.StepUp or Answer.Blocked))
            yield return $"{scraper.Account}, scraping inside the clinic, was not refused at the end.";
        foreach (var colleague in outcome.Cast.Professionals.Where(professional => !WorkedToTheEnd(professional, outcome.Cast)))
            yield return $"{colleague.Tally.Account} at {colleague.Tally.Address} did not work to the end: {colleague.Tally.Count} of {colleague.Need} records, "
                + $"the last page at {colleague.Tally.LastShown?.TotalSeconds ?? 0:0} s.";
    }

    private static bool WorkedToTheEnd(Professional professional, Cast cast) =>
        professional.Tally.Count >= professional.Need && professional.Tally.LastShown >= cast.DayLength - EndOfDay;

    private static IEnumerable<string> Answers(Outcome outcome)
    {
        if (outcome.BlocksFailure is not null) yield return $"The blocks could not be read: {outcome.BlocksFailure}";
        foreach (var tally in outcome.Cast.Tallies.Where(tally => tally.Failures > 0))
            yield return $"{tally.Account} at {tally.Address} got {tally.Failures} answers that are none, the first: {tally.Failure}.";
    }
}
