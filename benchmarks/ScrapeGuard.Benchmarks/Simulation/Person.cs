namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>A professional.</summary>
/// <param name="Number">Which of the site's people.</param>
/// <param name="Account">The account, which several may share; null where nobody signs in.</param>
/// <param name="Place">Where this person works.</param>
/// <param name="Second">Where this person works on some days, or part of a day; null for nowhere else.</param>
/// <param name="Opened">Records opened in a day, on average.</param>
/// <param name="IsOffice">Whether this is the back office, which works through lists.</param>
/// <param name="IsShared">Whether colleagues use the same account.</param>
/// <param name="Tabs">The share of cases that are opened in tabs.</param>
internal sealed record Person(int Number, string? Account, Place Place, Place? Second, double Opened, bool IsOffice, bool IsShared, double Tabs)
{
    /// <summary>Which part of the staff this is, for tables.</summary>
    public string Role => IsOffice ? "back office" : IsShared ? "shared account" : Place.Size >= 100 ? "hospital" : "others";
}
