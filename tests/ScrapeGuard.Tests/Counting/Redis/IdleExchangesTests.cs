using System.Runtime.InteropServices;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Log;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class IdleExchangesTests
{
    private const long Now = 1_700_000_000_000;

    private readonly SubjectTable table = new(64 << 20, isShared: true);
    private readonly WindowSet windows = new([new Window(WindowCount.Records, 600_000)]);
    private readonly IdleExchanges idle;

    public IdleExchangesTests() => idle = new IdleExchanges(table, 7);

    [Fact]
    public void No_more_are_kept_than_a_busy_flush_takes()
    {
        var exchanges = Enumerable.Range(0, IdleExchanges.Most + 50).Select(_ => idle.Take()).ToArray();
        Array.ForEach(exchanges, idle.Return);
        Assert.Equal(IdleExchanges.Most, idle.Count);
        Assert.Contains(idle.Take(), exchanges);
    }

    [Fact]
    public void One_that_is_kept_has_neither_the_memory_of_a_large_entry_nor_the_answer()
    {
        Show(1, records: 900);
        Show(2, records: 1);
        var exchange = idle.Take();
        Assert.True(exchange.Take(Key(1), FlushShare.All, 1, Now));
        exchange.Log.Answer(LogStatus.Appended, new byte[40]);
        Assert.True(exchange.Log.Entry.Length > 10_000, $"{exchange.Log.Entry.Length}");
        idle.Return(exchange);
        Assert.Equal((0, 0), (exchange.Log.Entry.Length, exchange.Log.News.Length));
        Assert.Same(exchange, idle.Take());
        Assert.True(exchange.Take(Key(2), FlushShare.All, 2, Now));
        Assert.True(MemoryMarshal.TryGetArray(exchange.Log.Entry, out var memory));
        Assert.InRange(memory.Array!.Length, memory.Count, 1024);
        Assert.True(LogReader.IsWellFormed(exchange.Log.Entry.Span));
    }

    private static SubjectKey Key(ulong number) => new(SubjectType.Address, number);

    private void Show(ulong number, int records)
    {
        var view = new SubjectReservation
        {
            Subject = Key(number),
            Windows = windows,
            Id = number,
            At = Now,
            Charge = 1,
            Records = [.. Enumerable.Range(1, records).Select(record => (ulong)record)],
        };
        table.Reserve(view, new SubjectCounts());
        table.Settle(view, new Settlement(Outcome.Displayed), Now);
    }
}
