namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>Where people work.</summary>
internal enum PlaceKind
{
    Solo,
    Practice,
    Pharmacy,
    Clinic,
    Hospital,
    Home,
    Mobile,
}
