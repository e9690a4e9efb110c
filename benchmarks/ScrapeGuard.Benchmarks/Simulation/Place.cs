namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>Where people work behind one address.</summary>
/// <param name="kind">What kind of place it is.</param>
/// <param name="size">How many people work there.</param>
/// <param name="address">Its address, an index among the site's.</param>
internal sealed class Place(PlaceKind kind, int size, int address)
{
    private const int RecordsOfPlace = 1500;
    private const int RecordsOfEach = 300;

    private readonly uint seed = (uint)address;

    public PlaceKind Kind => kind;

    public int Size => size;

    /// <summary>The address, an index among the site's; a dynamic one may change over night.</summary>
    public int Address { get; set; } = address;

    public bool IsDynamic { get; init; }

    /// <summary>One of the records that people of this place open again and again over the years.</summary>
    public int OwnRecord(Random random, int records)
    {
        var number = (uint)random.Next(RecordsOfPlace + (RecordsOfEach * size));
        var scattered = (((ulong)seed << 32) | number) * 0x9E37_79B9_7F4A_7C15UL;
        scattered = (scattered ^ (scattered >> 29)) * 0xBF58_476D_1CE4_E5B9UL;
        return (int)((scattered >> 20) % (uint)records);
    }
}
