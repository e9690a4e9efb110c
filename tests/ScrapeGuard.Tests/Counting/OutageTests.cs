using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>What an outage of Redis leaves of the memory.</summary>
public class OutageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_Redis_was_away_the_table_remembers_as_many_subjects_as_before(bool wasAway)
    {
        var table = new SubjectTable(512 * 1024, isShared: true);
        var windows = new WindowSet([new Window(WindowCount.Views, 60_000), new Window(WindowCount.Records, 600_000)]);
        var expiry = new LogExpiry(1);
        var now = 1_700_000_000_000L;
        var id = 0UL;
        var sequence = 0u;
        var most = 0;
        for (var number = 1UL; number <= 900; number++)
        {
            Show(number);
            if (!wasAway)
                Tell(number);
            most = Math.Max(most, table.CountOf(SubjectType.Account));
        }

        var away = table.CountOf(SubjectType.Account);
        for (var number = 1UL; number <= 900; number++)
            Tell(number);
        for (var number = 1001UL; number <= 2000; number++)
        {
            Show(number);
            Tell(number);
        }

        Assert.True(table.CountOf(SubjectType.Account) > 500, $"{most} at most, {away} once Redis was back, {table.CountOf(SubjectType.Account)} for good; {table.Bytes} bytes");

        SubjectKey Key(ulong number) => new(SubjectType.Account, number * 0x9E37_79B9_7F4A_7C15UL);

        void Show(ulong number)
        {
            for (var record = 1UL; record <= 6; record++)
            {
                var view = new SubjectReservation { Subject = Key(number), Windows = windows, Id = ++id, At = now, Charge = 3, Records = [record] };
                table.Reserve(view, new SubjectCounts());
                table.Settle(view, new Settlement(Outcome.Displayed), now);
            }
        }

        void Tell(ulong number)
        {
            var exchange = new SubjectExchange(table, 1, expiry);
            if (!exchange.Take(Key(number), FlushShare.All, ++sequence, now))
                return;
            exchange.Log.Reset();
            exchange.Log.Answer(LogStatus.Appended, default);
            exchange.Settle(++sequence, now);
        }
    }

    [Fact]
    public void A_spray_while_Redis_is_away_takes_no_more_than_the_budget()
    {
        var table = new SubjectTable(1 << 20, isShared: true);
        var windows = new WindowSet([new Window(WindowCount.Records, 600_000)]);
        for (var number = 1UL; number <= 300_000; number++)
        {
            var view = new SubjectReservation
            {
                Subject = new SubjectKey(SubjectType.Address, number * 0x9E37_79B9_7F4A_7C15UL),
                Windows = windows,
                Id = number,
                At = 1_700_000_000_000,
                Charge = 1,
                Records = [number],
            };
            table.Reserve(view, new SubjectCounts());
            table.Settle(view, new Settlement(Outcome.Displayed), view.At);
        }

        var listed = table.Shards.Sum(shard => shard.Urgent.Count + shard.Touched.Count + shard.Resting.Count + shard.Lazy.Count);
        Assert.True(listed < 10_000, $"{listed} keys listed of {table.CountOf(SubjectType.Address)} subjects");
    }
}
