using BreachReplay.Actors;
using BreachReplay.Portals;

namespace BreachReplay.Report;

/// <summary>A scraping address at the end: its block, if there is one, and what became of its accounts.</summary>
internal sealed record ScrapingResult(Scraper Scraper, BlockEntry? Block, IReadOnlyList<AccountResult> Accounts)
{
    public bool IsStopped => Accounts.All(account => account.Probes.All(answer => answer is Answer.StepUp or Answer.Blocked));
}
