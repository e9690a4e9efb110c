using System.Net;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection.Signals;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

public class ConcentrationSignalTests
{
    private const long Start = 1_700_000_000_000L;
    private const long Minute = 60_000;

    [Theory]
    [InlineData(70, 12, 30, true)] // two scrapers among thirty practices
    [InlineData(70, 12, 5000, false)] // the same, lost in a large portal
    [InlineData(0, 20, 60, false)] // sixty practices at work
    [InlineData(0, 1, 5000, false)] // a spray of addresses
    [InlineData(500, 20, 17, false)] // so few addresses that two of them are always much
    [InlineData(40, 12, 30, false)] // so few records that two clerks are much
    public void Two_addresses_that_take_much_of_all_alarm(int scraped, int read, int practices, bool isAlarming)
    {
        var concentration = new ConcentrationSignal();
        for (var record = 0; record < Math.Max(scraped, read); record++)
        {
            for (var practice = 0; record < read && practice < practices; practice++)
                Add(concentration, practice, 1, Start);
            for (var scraper = 0; record < scraped && scraper < 2; scraper++)
                Add(concentration, 1_000_000 + scraper, 1, Start);
        }

        var reading = concentration.Read(2, Start);
        Assert.Equal(isAlarming, reading.IsAlarming);
        Assert.Equal((2 * scraped) + (read * practices), reading.Records);
        Assert.Equal(Math.Min(practices + (scraped > 0 ? 2 : 0), SpaceSaving.Size), reading.Addresses);
    }

    [Fact]
    public void The_busiest_come_first_with_their_share()
    {
        var concentration = new ConcentrationSignal();
        Add(concentration, 1, 20, Start);
        Add(concentration, 2, 50, Start);
        Add(concentration, 3, 30, Start);
        var reading = concentration.Read(2, Start);
        Assert.Equal([("10.0.0.2", 50), ("10.0.0.3", 30)], reading.Busiest.Select(one => (one.Address.ToString(), one.Records)));
        Assert.Equal((0.8, 0.5), (reading.ShareOfTwo, reading.ShareOf(reading.Busiest[0].Records)));
    }

    [Fact]
    public void A_spray_of_addresses_is_never_said_to_be_concentrated()
    {
        var concentration = new ConcentrationSignal();
        for (var address = 0; address < 100_000; address++)
            Add(concentration, address, 1, Start);
        Assert.InRange(concentration.Read(2, Start).ShareOfTwo, 0, 0.001);
    }

    [Theory]
    [InlineData(29, 10)]
    [InlineData(31, 10)]
    [InlineData(59, 10)]
    [InlineData(61, 0)]
    [InlineData(600, 0)]
    public void What_was_shown_is_forgotten_after_an_hour(int minutes, int records)
    {
        var concentration = new ConcentrationSignal();
        Add(concentration, 1, 10, Start);
        Assert.Equal(records, concentration.Read(5, Start + (minutes * Minute)).Records);
    }

    [Fact]
    public void What_is_shown_in_both_halves_of_the_hour_is_added_up()
    {
        var concentration = new ConcentrationSignal();
        Add(concentration, 1, 10, Start);
        Add(concentration, 1, 20, Start + (40 * Minute));
        Add(concentration, 2, 10, Start + (40 * Minute));
        Assert.Equal([30, 10], concentration.Read(5, Start + (41 * Minute)).Busiest.Select(one => one.Records));
        Assert.Equal([20, 10], concentration.Read(5, Start + (75 * Minute)).Busiest.Select(one => one.Records));
    }

    [Fact]
    public void Nothing_shown_is_no_share_of_anything()
    {
        var reading = new ConcentrationSignal().Read(5, Start);
        Assert.Equal((0L, 0, 0.0, false), (reading.Records, reading.Addresses, reading.ShareOfTwo, reading.IsAlarming));
        Assert.Empty(reading.Busiest);
    }

    [Fact]
    public void Views_that_come_together_are_all_counted()
    {
        var concentration = new ConcentrationSignal();
        Parallel.For(0, 10_000, view => Add(concentration, view % 10, 1, Start));
        Assert.Equal(Enumerable.Repeat(1000, 10), concentration.Read(20, Start).Busiest.Select(one => one.Records));
    }

    private static void Add(ConcentrationSignal concentration, int address, int novel, long now) => concentration.Add(
        (ulong)address * 0x9E3779B97F4A7C15, AddressInClear.Of(new IPAddress([10, (byte)(address >> 16), (byte)(address >> 8), (byte)address]), 64), novel, now);
}
