using System.Net;
using System.Numerics;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class SubjectTableTests
{
    private const long Now = 1_700_000_000_000;

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

    /// <summary>In whatever order, some of them again and again, and many in the same moment.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(640)]
    public void Of_more_records_than_are_remembered_those_shown_last_are(int most)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var table = new SubjectTable(16 << 20);
        var shown = new Dictionary<ulong, long>();
        var at = Reservation(1, 1).At;
        for (var view = 1UL; view <= 4000; view++)
        {
            at += random.Next(4) == 0 ? random.Next(12_000) : 0;
            var record = random.Next(5) == 0 ? (ulong)random.Next(1, (int)view + 1) : view;
            shown[record] = at;
            var reservation = Reservation(1, record) with { Id = view, At = at };
            table.Reserve(reservation, new SubjectCounts());
            table.Settle(reservation, new Settlement(Outcome.Displayed) { MostRecords = most }, at);
            if (view % 97 != 0)
                continue;
            var block = new SubjectBlock(table.ShardOf(Key(1)).Find(Key(1))!);
            var remembered = block.Records.ToArray().Where(one => one != 0).ToHashSet();
            Assert.InRange(remembered.Count, Math.Min(most, shown.Count), most + (most / 32));

            // To four seconds, as exactly as times are kept.
            var last = shown.OrderByDescending(one => one.Value).Take(most).Last().Value;
            Assert.All(shown, one => Assert.True(one.Value < last + SubjectBlock.TickMilliseconds || remembered.Contains(one.Key), $"{one.Key} is forgotten (seed {seed})"));
        }
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

    [Theory]
    [InlineData(SubjectType.Address, nameof(Outcome.Displayed))]
    [InlineData(SubjectType.Account, nameof(Outcome.Displayed))]
    [InlineData(SubjectType.Account, nameof(Outcome.Released))]
    [InlineData(SubjectType.Account, nameof(Outcome.Missed))]
    public void A_spray_of_addresses_does_not_push_out_misses(SubjectType type, string outcomeOfSpray)
    {
        var windows = new LimitSet(new ScrapeGuardOptions()).WindowsOf(type);
        var misses = BitOperations.TrailingZeroCount(windows.Misses);
        var table = new SubjectTable(1 << 20);
        var guesser = Key(1) with { Type = type };
        for (var guess = 1UL; guess <= 8; guess++)
            View(table, new SubjectReservation { Subject = guesser, Windows = windows, Id = guess, At = Now, Charge = windows.Regular, Records = [guess] }, Outcome.Missed);
        Spray(table, 20_000, Now + 60_000, Enum.Parse<Outcome>(outcomeOfSpray));
        Assert.Equal(8, table.Read(guesser, windows, Now + 120_000)?.Counts[misses].Settled.Total);
    }

    [Fact]
    public void A_spray_of_addresses_does_not_push_out_a_step_up_that_is_asked_nor_all_day_those_that_an_account_has_completed()
    {
        var windows = new LimitSet(new ScrapeGuardOptions()).WindowsOf(SubjectType.Account);
        var table = new SubjectTable(1 << 20);
        var (asked, confirmed) = (Key(1) with { Type = SubjectType.Account }, Key(2) with { Type = SubjectType.Account });
        table.Ask(asked, windows, Now);
        for (var stepUp = 0; stepUp < 3; stepUp++)
            Assert.True(table.Grant(confirmed, windows, new StepUpOptions(), Now));
        Spray(table, 20_000, Now + 60_000, Outcome.Displayed);
        Assert.True(table.IsTracked(asked));
        Spray(table, 20_000, Now + (20 * 3_600_000), Outcome.Displayed);
        Assert.False(table.Grant(confirmed, windows, new StepUpOptions(), Now + (20 * 3_600_000)));
        Assert.False(table.IsTracked(asked));
        Spray(table, 20_000, Now + (48 * 3_600_000), Outcome.Displayed);
        Assert.False(table.IsTracked(confirmed), "the day is over");
    }

    [Fact]
    public void A_subject_busier_than_a_byte_holds_is_counted_to_the_last_view()
    {
        var table = new SubjectTable(64 << 20);
        var minute = new WindowSet([new Window(WindowCount.Views, 60_000), new Window(WindowCount.Records, 600_000), new Window(WindowCount.Misses, 60_000)]);
        for (var view = 1UL; view <= 700; view++)
        {
            var reservation = Reservation(1, 1 + (view % 20)) with { Windows = minute, Charge = 7, Id = view, At = 1_700_000_000_000 + (long)(view / 350 * 5000) };
            table.Reserve(reservation);
            table.Settle(reservation, new Settlement(view % 2 == 0 ? Outcome.Displayed : Outcome.Missed), reservation.At);
        }

        var reading = table.Read(Key(1), minute, 1_700_000_010_000)!;
        Assert.Equal([700, 10, 350], reading.Counts.Select(window => window.Settled.Total));
        Assert.Equal(0, table.Read(Key(1), minute, 1_700_000_080_000)!.Counts[0].Settled.Total);
    }

    [Fact]
    public void A_revisit_far_from_every_limit_is_let_by_and_another_record_a_miss_or_half_of_a_limit_is_not()
    {
        var table = new SubjectTable(64 << 20);
        var windows = new WindowSet([new Window(WindowCount.Records, 600_000), new Window(WindowCount.Misses, 600_000)]) { Calm = [4, 0] };
        Show(1, Outcome.Displayed);
        Assert.True(IsFree(1));
        Assert.False(IsFree(2));
        table.Reserve(View(2, 0), new SubjectCounts());
        Assert.True(IsCalm(), "what is in flight has added nothing");
        Assert.False(IsFree(1), "while something is in flight");
        table.Settle(View(2, 0), new Settlement(Outcome.Released), 1_700_000_000_000);
        Assert.True(IsFree(1));
        Show(2, Outcome.Missed);
        Assert.False(IsFree(1));
        Assert.True(IsFree(1, later: 700_000), "when the miss has left the window");
        for (var record = 3UL; record <= 7; record++)
            Show(record, Outcome.Displayed, later: 700_000);
        Assert.False(IsFree(1, later: 700_000), "at half of the limit");
        Assert.False(IsCalm());

        SubjectReservation View(ulong record, long later) => Reservation(1, record) with { Windows = windows, Charge = 3, At = 1_700_000_000_000 + later };

        bool IsCalm() => (new SubjectBlock(table.ShardOf(Key(1)).Find(Key(1))!).Head.Flags & SubjectFlags.IsCalm) != 0;

        bool IsFree(ulong record, long later = 0)
        {
            if (later > 0)
                Show(1, Outcome.Displayed, later);
            return table.Glimpse(Key(1)).IsFree(View(record, later), isShared: false);
        }

        void Show(ulong record, Outcome outcome, long later = 0)
        {
            var view = View(record, later);
            table.Reserve(view);
            table.Settle(view, new Settlement(outcome), view.At);
        }
    }

    [Fact]
    public void Revisits_that_were_noted_before_a_reload_count_in_the_windows_there_were_and_in_no_new_one()
    {
        var table = new SubjectTable(64 << 20);
        var day = new Window(WindowCount.Views, SubjectState.NoveltyMilliseconds);
        var before = new WindowSet([new Window(WindowCount.Records, 600_000), day]) { Limited = 1, Calm = [9, int.MaxValue] };
        var after = new WindowSet([new Window(WindowCount.Records, 600_000), day, new Window(WindowCount.Views, 1_800_000)]) { Limited = 5, Calm = [9, int.MaxValue, 19] };
        var key = new SubjectKey(SubjectType.Account, 42);
        for (var view = 0UL; view < 30; view++)
        {
            var reservation = Reservation(1, 1) with { Subject = key, Windows = before, Id = view + 1, At = 1_700_000_000_000 + ((long)view * 100), Charge = before.Regular };
            reservation.IsFree = table.Glimpse(key).IsFree(reservation, isShared: false);
            Assert.Equal(view > 0, reservation.IsFree);
            if (!reservation.IsFree)
                table.Reserve(reservation);
            table.Settle(reservation, new Settlement(Outcome.Displayed), reservation.At);
        }

        Assert.InRange(new SubjectBlock(table.ShardOf(key).Find(key)!).Head.Pending, 1, SubjectHead.MostPending);
        Assert.Equal([1, 30, 0], table.Read(key, after, 1_700_000_004_000)!.Counts.Select(window => window.Settled.Total));
    }

    [Fact]
    public void Subjects_of_one_part_lie_in_all_shards()
    {
        var table = new SubjectTable(64 << 20);
        var shards = Enumerable.Range(0, 4096).Select(number => table.ShardOf(new SubjectKey(SubjectType.Session, (UInt128)((ulong)number * SubjectKey.Parts)))).Distinct();
        Assert.Equal(table.Shards.Count, shards.Count());
    }

    [Fact]
    public void An_address_forgotten_while_a_view_that_was_let_by_is_in_flight_is_known_in_clear_again()
    {
        var table = new SubjectTable(64 << 20);
        var view = Reservation(1, 1) with { IsFree = true, Address = AddressInClear.Of(IPAddress.Parse("203.0.113.7"), 64) };
        table.Settle(view, new Settlement(Outcome.Displayed), view.At);
        Assert.Equal("203.0.113.7", table.AddressOf(Key(1)).ToString());
    }

    [Fact]
    public async Task What_is_seen_without_a_lock_is_never_another_subject_or_half_of_a_change()
    {
        // So small that subjects come and go all the time, and their blocks are used again.
        var table = new SubjectTable(64 * 1024);
        var windows = new WindowSet([new Window(WindowCount.Records, 600_000)]) { Calm = [1000] };
        var free = 0;
        await Task.WhenAll(Enumerable.Range(1, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var view = 1; view < 100_000; view++)
            {
                var subject = (ulong)random.Next(1, 500);
                var record = (subject * 1000) + (ulong)random.Next(0, 20);
                var reservation = Reservation(subject, record) with { Windows = windows, Id = (ulong)((worker * 1_000_000) + view) };
                var never = reservation with { Records = [record + 500] };
                Assert.False(table.Glimpse(never.Subject).IsFree(never, isShared: false));
                if (table.Glimpse(reservation.Subject).IsFree(reservation, isShared: false))
                    Interlocked.Increment(ref free);
                else
                    table.Reserve(reservation, new SubjectCounts());
                table.Settle(reservation, new Settlement(Outcome.Displayed), reservation.At);
            }
        })));
        Assert.True(free > 1000, $"Only {free} views were let by.");
    }

    private static void Spray(SubjectTable table, ulong addresses, long at, Outcome outcome)
    {
        var windows = new LimitSet(new ScrapeGuardOptions()).WindowsOf(SubjectType.Address);
        for (var address = 1UL; address <= addresses; address++)
        {
            var view = new SubjectReservation { Subject = Key((ulong)at + address), Windows = windows, Id = 1, At = at, Charge = windows.Regular, Records = [7] };
            View(table, view, outcome);
        }
    }

    private static void View(SubjectTable table, SubjectReservation view, Outcome outcome)
    {
        table.Reserve(view, new SubjectCounts());
        table.Settle(view, new Settlement(outcome), view.At);
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
