using System.Text.Json;
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
                accounts = result.Accounts.Select(Account),
            }),
            clinicScraper = Account(outcome.AtTheClinic.Accounts[0]),
            professionals = outcome.Cast.Professionals.Select(professional => Account(new AccountResult(professional.Tally, Block: null, Probes: []))),
            blocks = outcome.Blocks,
        },
        Json));

    private static object Account(AccountResult account) => new
    {
        address = account.Tally.Address,
        account = account.Tally.Account,
        records = account.Tally.Count,
        refused = account.Tally.Refused,
        failures = account.Tally.Failures,
        ended = Ending.Of(account.Tally, account.Block),
        block = account.Block,
        probes = account.Probes.Select(answer => answer.ToString()),
    };
}
