using BreachReplay.Actors;
using BreachReplay.Portals;

namespace BreachReplay.Report;

/// <summary>A scraping account at the end: its block, if there is one, and what a last request to each node was answered.</summary>
internal sealed record AccountResult(Tally Tally, BlockEntry? Block, IReadOnlyList<Answer> Probes);
