using BreachReplay.Actors;
using BreachReplay.Portals;
using MemberPortal.Members;

namespace BreachReplay.Report;

/// <summary>The facts at the end of the day.</summary>
internal sealed record Outcome(
    Cast Cast, int Nodes, IReadOnlyList<ScrapingResult> Scraping, Answer ClinicProbe, IReadOnlyList<BlockEntry> Blocks, string? BlocksFailure)
{
    /// <summary>Sends the last requests of the bots, then reads the blocks.</summary>
    public static async Task<Outcome> AskAsync(Cast cast, PortalNodes nodes, CancellationToken stop)
    {
        var probes = new List<(Scraper Scraper, List<Answer> Answers)>();
        foreach (var scraper in cast.ScrapingAddresses)
        {
            var answers = new List<Answer>();
            foreach (var node in Enumerable.Range(0, nodes.Addresses.Count)) answers.Add(await scraper.ProbeAsync(Novel(scraper, node), node, stop));
            probes.Add((scraper, answers));
        }

        var clinic = await cast.ClinicScraper.ProbeAsync(Novel(cast.ClinicScraper, 0), 0, stop);
        var (blocks, failure) = await BlockList.ReadAsync(nodes.Addresses[0], stop);
        var scraping = probes.Select(probe =>
            new ScrapingResult(probe.Scraper, blocks.FirstOrDefault(block => block.IsOf(probe.Scraper.Address)), probe.Answers));
        return new Outcome(cast, nodes.Addresses.Count, [.. scraping], clinic, blocks, failure);
    }

    private static int Novel(Scraper scraper, int skip) =>
        Enumerable.Range(1, InventedMembers.Count).Reverse().Except(scraper.Records).Skip(skip).First();
}
