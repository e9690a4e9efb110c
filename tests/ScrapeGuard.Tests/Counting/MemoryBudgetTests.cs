using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>Alone in the process, because the heap is looked at.</summary>
[Collection(nameof(MemoryBudgetTests))]
[CollectionDefinition(nameof(MemoryBudgetTests), DisableParallelization = true)]
public class MemoryBudgetTests
{
    private const long Now = 1_700_000_000_000;

    private static readonly WindowSet Windows = new LimitSet(new ScrapeGuardOptions()).WindowsOf(SubjectType.Address);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 60)]
    [InlineData(40, 60)]
    [InlineData(1, 1500)]
    public void The_budget_is_what_the_subjects_take_of_the_heap_or_more(int accounts, int records)
    {
        const int Budget = 16 << 20;

        // What a test before holds until its connection is let go may go in the middle.
        var (subjects, taken) = Exhaust(Budget, accounts, records);
        for (var again = 0; again < 3 && taken is < Budget / 3 or > Budget; again++)
            (subjects, taken) = Exhaust(Budget, accounts, records);
        TestContext.Current.TestOutputHelper!.WriteLine($"{subjects} subjects take {taken / 1024.0 / 1024:F1} MiB of 16");
        Assert.InRange(taken, Budget / 3, Budget);
    }

    /// <summary>To 4%: how full the pools are is not looked at, and other tests leave a little behind that goes at any time.</summary>
    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(1, 60)]
    [InlineData(2, 10)]
    [InlineData(10, 10)]
    public void The_tables_account_is_what_the_subjects_take_of_the_heap(int accounts, int records)
    {
        var (told, taken) = Measure(accounts, records);
        for (var again = 0; again < 3 && Math.Abs(told - taken) > taken * 0.04; again++)
            (told, taken) = Measure(accounts, records);
        TestContext.Current.TestOutputHelper!.WriteLine($"{taken} bytes each, {told} by the table's account");
        Assert.InRange(told, taken * 0.96, taken * 1.04);
    }

    /// <summary>Fills a table until it has to forget.</summary>
    private static (int Subjects, long Taken) Exhaust(int budget, int accounts, int records)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new SubjectTable(budget);
        for (var address = 1UL; table.EvictedOf(SubjectType.Address) < 50; address++)
            Fill(table, address, accounts, records);
        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        return (table.CountOf(SubjectType.Address), taken);
    }

    private static (double Told, double Taken) Measure(int accounts, int records)
    {
        const int Subjects = 60_000;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var table = new SubjectTable(1L << 30);
        var empty = table.Bytes;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var address = 1UL; address <= Subjects; address++)
            Fill(table, address, accounts, records);
        var taken = (GC.GetTotalMemory(forceFullCollection: true) - before) / Subjects;
        return ((table.Bytes - empty) / Subjects, taken);
    }

    private static void Fill(SubjectTable table, ulong address, int accounts, int records)
    {
        var counts = new SubjectCounts();
        for (var record = 1; record <= records; record++)
        {
            var reservation = new SubjectReservation
            {
                Subject = new SubjectKey(SubjectType.Address, address * 0x9E37_79B9_7F4A_7C15UL),
                Windows = Windows,
                Id = (ulong)record,
                At = Now,
                Charge = Windows.All,
                Records = [(ulong)record],
                Account = accounts == 0 ? 0 : (ulong)(record % accounts) + 1,
            };
            table.Reserve(reservation, counts);
            table.Settle(reservation, new Settlement(Outcome.Displayed), Now);
        }
    }
}
