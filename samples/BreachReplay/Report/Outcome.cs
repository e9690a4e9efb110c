using BreachReplay.Actors;
using BreachReplay.Portals;
using MemberPortal.Members;

namespace BreachReplay.Report;

/// <summary>The facts at the end.</summary>
internal sealed record Outcome(
    Cast Cast, int Nodes, IReadOnlyList<ScrapingResult> Scraping, ScrapingResult AtTheClinic, IReadOnlyList<BlockEntry> Blocks, string? BlocksFailure)
{
    /// <summary>Sends the last requests of the bots, then reads the blocks.</summary>
    public static async Task<Outcome> AskAsync(Cast cast, PortalNodes nodes, CancellationToken stop)
    {
        var probes = new Dictionary<Tally, List<Answer>>();
        foreach (var scraper in cast.Scrapers)
        {
            foreach (var tally in scraper.Tallies) probes[tally] = await ProbeAsync(scraper, tally, nodes, stop);
        }

        var list = new BlockList(nodes.Addresses[0]);
        var (blocks, failure) = await list.ReadAsync(stop);
        var results = new List<ScrapingResult>();
        foreach (var scraper in cast.Scrapers)
        {
            var accounts = new List<AccountResult>();
            foreach (var tally in scraper.Tallies) accounts.Add(new AccountResult(tally, await list.FindAsync(tally.Account, stop), probes[tally]));
            results.Add(new ScrapingResult(scraper, blocks.FirstOrDefault(block => block.IsOf(scraper.Address)), accounts));
        }

        return new Outcome(cast, nodes.Addresses.Count, results[..^1], results[^1], blocks, failure);
    }

    private static async Task<List<Answer>> ProbeAsync(Scraper scraper, Tally tally, PortalNodes nodes, CancellationToken stop)
    {
        var answers = new List<Answer>();
        foreach (var node in Enumerable.Range(0, nodes.Addresses.Count)) answers.Add(await scraper.ProbeAsync(tally, Novel(scraper, node), node, stop));
        return answers;
    }

    private static int Novel(Scraper scraper, int skip) =>
        Enumerable.Range(1, InventedMembers.Count).Reverse().Except(scraper.Records).Skip(skip).First();
}
