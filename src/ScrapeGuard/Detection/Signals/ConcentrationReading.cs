using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection.Signals;

/// <summary>Who was shown how much of what all addresses were shown.</summary>
/// <param name="Records">All novel records displayed.</param>
/// <param name="Addresses">To how many addresses, at least.</param>
/// <param name="Busiest">The addresses that were shown most, and at least how many records each; the busiest first.</param>
internal sealed record ConcentrationReading(long Records, int Addresses, IReadOnlyList<(AddressInClear Address, int Records)> Busiest)
{
    /// <summary>Below that, a few people at work are a large share.</summary>
    private const int FewestRecords = 500;

    /// <summary>Where fewer addresses come, two of them are always a large share.</summary>
    private const int FewestAddresses = 20;

    private const double Alarming = 0.25;

    /// <summary>The share of all records that the two busiest addresses were shown.</summary>
    public double ShareOfTwo => ShareOf(Busiest.Take(2).Sum(one => one.Records));

    /// <summary>Whether an operator should look.</summary>
    public bool IsAlarming => Records >= FewestRecords && Addresses >= FewestAddresses && ShareOfTwo >= Alarming;

    public double ShareOf(long records) => Records == 0 ? 0 : (double)records / Records;
}
