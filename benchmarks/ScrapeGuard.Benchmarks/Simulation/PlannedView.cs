namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>A view that somebody means to make.</summary>
/// <param name="At">When, in milliseconds of the day.</param>
/// <param name="Person">Who, an index among the site's people.</param>
/// <param name="Record">The record's id; one that is not below the site's number of records does not exist.</param>
/// <param name="Address">From which of the site's addresses.</param>
/// <param name="Device">With which device, each of which has a session of its own.</param>
internal readonly record struct PlannedView(int At, int Person, int Record, int Address, int Device);
