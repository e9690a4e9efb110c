using System.Text.Json;
using BreachReplay.Actors;
using BreachReplay.Portals;

namespace BreachReplay.Report;

/// <summary>The outcome for a program.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(TextWriter output, Outcome outcome, IReadOnlyList<string> failures) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            passed = failures.Count == 0,
            failures,
            nodes = outcome.Nodes,
            scrapingAddresses = outcome.Scraping.Select(result => new
            {
                address = result.Scraper.Address,
                records = result.Scraper.Records.Count,
                refused = result.Scraper.Tallies.Sum(tally => tally.Refused),
                ended = Ending.Of(result),
                block = result.Block,
                probes = result.Probes.Select(answer => answer.ToString()),
                accounts = result.Scraper.Tallies.Select(tally => Account(tally, result.Block)),
            }),
            clinicScraper = Account(outcome.Cast.ClinicScraper.Tallies[0], block: null),
            professionals = outcome.Cast.Professionals.Select(professional => Account(professional.Tally, block: null)),
            blocks = outcome.Blocks,
        },
        Json));

    private static object Account(Tally tally, BlockEntry? block) => new
    {
        address = tally.Address,
        account = tally.Account,
        records = tally.Count,
        refused = tally.Refused,
        failures = tally.Failures,
        ended = Ending.Of(tally, block),
    };
}
