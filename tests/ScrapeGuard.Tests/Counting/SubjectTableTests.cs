using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class SubjectTableTests
{
    private static readonly WindowSet Windows = new([new Window(WindowCount.Records, 600_000)]);

    [Fact]
    public async Task Concurrent_views_cannot_pass_together()
    {
        var table = new SubjectTable(64 << 20);
        var admitted = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var view = 0; view < 500; view++)
            {
                var reservation = Reservation(1, (ulong)((worker * 500) + view + 1));
                if (table.Reserve(reservation).Counts[0].Against(50, WindowCount.Records) <= 50)
                {
                    Interlocked.Increment(ref admitted);
                    table.Settle(reservation, new Settlement(Outcome.Displayed), reservation.At);
                }
                else
                {
                    table.Settle(reservation, new Settlement(Outcome.Released), reservation.At);
                }
            }
        })));
        Assert.InRange(admitted, 48, 50);
        Assert.Equal(admitted, table.Read(Key(1), Windows, 1_700_000_000_000)!.Counts[0].Settled.Total);
    }

    [Fact]
    public void A_spray_of_addresses_does_not_push_out_the_one_with_evidence()
    {
        var table = new SubjectTable(1 << 20);
        for (var record = 1UL; record <= 40; record++)
        {
            var reservation = Reservation(1, record);
            table.Reserve(reservation);
            table.Settle(reservation, new Settlement(Outcome.Displayed), reservation.At);
        }

        // A thousand addresses a second for twenty seconds, a minute after the evidence.
        for (var address = 2UL; address < 20_000; address++)
            table.Reserve(Reservation(address, address) with { At = 1_700_000_060_000 + (long)address });
        Assert.Equal(40, table.Read(Key(1), Windows, 1_700_000_080_000)!.Counts[0].Settled.Total);
        Assert.True(table.EvictedOf(SubjectType.Address) > 10_000);
    }

    private static SubjectKey Key(ulong subject) => new(SubjectType.Address, subject * 0x9E37_79B9_7F4A_7C15UL);

    private static SubjectReservation Reservation(ulong subject, ulong record) => new()
    {
        Subject = Key(subject),
        Windows = Windows,
        Id = record,
        At = 1_700_000_000_000,
        Charge = 1,
        Records = [record],
    };
}
