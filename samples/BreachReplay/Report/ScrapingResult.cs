using BreachReplay.Actors;
using BreachReplay.Portals;

namespace BreachReplay.Report;

/// <summary>A scraping address at the end of the day: its block, if there is one, and what a last request to each node was answered.</summary>
internal sealed record ScrapingResult(Scraper Scraper, BlockEntry? Block, IReadOnlyList<Answer> Probes);
