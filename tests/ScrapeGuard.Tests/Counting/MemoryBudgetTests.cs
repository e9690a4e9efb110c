using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>Alone in the process, because the heap is looked at.</summary>
[Collection(nameof(MemoryBudgetTests))]
[CollectionDefinition(nameof(MemoryBudgetTests), DisableParallelization = true)]
public class MemoryBudgetTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 60)]
    [InlineData(40, 60)]
    [InlineData(1, 1500)]
    public void The_budget_is_what_the_subjects_take_of_the_heap_or_more(int accounts, int records)
    {
        const int Budget = 16 << 20;
        var limits = new LimitSet(new ScrapeGuardOptions()).WindowsOf(SubjectType.Address);

        // What other tests have left behind goes first.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new SubjectTable(Budget);
        var counts = new SubjectCounts();
        for (var address = 1UL; table.EvictedOf(SubjectType.Address) < 50; address++)
        {
            for (var record = 1; record <= records; record++)
            {
                var reservation = new SubjectReservation
                {
                    Subject = new SubjectKey(SubjectType.Address, address * 0x9E37_79B9_7F4A_7C15UL),
                    Windows = limits,
                    Id = (ulong)record,
                    At = 1_700_000_000_000,
                    Charge = limits.All,
                    Records = [(ulong)record],
                    Account = (ulong)(record % accounts) + 1,
                };
                table.Reserve(reservation, counts);
                table.Settle(reservation, new Settlement(Outcome.Displayed), reservation.At);
            }
        }

        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(table);
        TestContext.Current.TestOutputHelper!.WriteLine($"{table.CountOf(SubjectType.Address)} subjects take {taken / 1024.0 / 1024:F1} MiB of 16");
        Assert.InRange(taken, Budget / 3, Budget);
    }
}
