using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection.Signals;

/// <summary>
/// The share of all novel records that the few busiest addresses are shown, over the last half hour to hour. Two addresses that empty a portal together are
/// seen here whatever they do to look like somebody at work, but so is a large clinic: it is a picture and an alarm, and accuses nobody.
/// </summary>
internal sealed class ConcentrationSignal
{
    private static readonly long Half = (long)TimeSpan.FromMinutes(30).TotalMilliseconds;

    private readonly Lock counting = new();
    private Generation present = new();
    private Generation past = new();
    private long began;

    /// <summary>Counts novel records that were displayed to an address.</summary>
    /// <param name="name">What tells addresses apart: as good as random, so that nobody can choose a collision.</param>
    /// <param name="address">The address.</param>
    /// <param name="novel">How many records.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public void Add(ulong name, in AddressInClear address, int novel, long now)
    {
        lock (counting)
        {
            Turn(now);
            present.Addresses[present.Sketch.Add(name, novel)] = address;
        }
    }

    /// <summary>What the addresses of about the last hour are known to have been shown.</summary>
    /// <param name="top">Of how many addresses, the busiest first.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public ConcentrationReading Read(int top, long now)
    {
        var known = new Dictionary<AddressInClear, int>();
        long total;
        lock (counting)
        {
            Turn(now);
            total = present.Sketch.Total + past.Sketch.Total;
            present.AddTo(known);
            past.AddTo(known);
        }

        var busiest = known.Where(one => one.Value > 0).OrderByDescending(one => one.Value).ThenBy(one => one.Key.ToString(), StringComparer.Ordinal).Take(top);
        return new ConcentrationReading(total, known.Count, [.. busiest.Select(one => (one.Key, one.Value))]);
    }

    private void Turn(long now)
    {
        if (now - began < Half)
            return;
        (present, past) = (past, present);
        present.Sketch.Clear();
        if (now - began >= 2 * Half)
            past.Sketch.Clear();
        began = now;
    }

    private sealed class Generation
    {
        public SpaceSaving Sketch { get; } = new();

        public AddressInClear[] Addresses { get; } = new AddressInClear[SpaceSaving.Size];

        public void AddTo(Dictionary<AddressInClear, int> known)
        {
            for (var place = 0; place < Sketch.Used; place++)
                known[Addresses[place]] = known.GetValueOrDefault(Addresses[place]) + Sketch.AtLeast(place);
        }
    }
}
