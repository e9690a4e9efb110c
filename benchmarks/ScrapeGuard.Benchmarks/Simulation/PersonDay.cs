namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>A person's day in figures.</summary>
/// <param name="Views">Views meant to be made.</param>
/// <param name="Opened">Records opened.</param>
/// <param name="InTenMinutes">The most opened within ten minutes.</param>
internal readonly record struct PersonDay(int Views, int Opened, int InTenMinutes);
