using System.Diagnostics;
using System.Globalization;
using CsCheck;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>subject.lua against the same arithmetic in process, operation for operation, and what only a shared store has to hold.</summary>
public class SubjectScriptTests(SharedRedis redis)
{
    private const long Start = 1_700_000_000_000L;

    private static readonly WindowSet Windows = new(
    [
        new Window(WindowCount.Views, 60_000),
        new Window(WindowCount.Records, 600_000),
        new Window(WindowCount.Records, 600_000, Kind: 77),
        new Window(WindowCount.Records, SubjectState.NoveltyMilliseconds, Charge: ChargedViews.All),
        new Window(WindowCount.Misses, 600_000),
        new Window(WindowCount.Views, 30 * SubjectState.NoveltyMilliseconds),
        new Window(WindowCount.RawViews, SubjectState.NoveltyMilliseconds),
        new Window(WindowCount.RawRecords, SubjectState.NoveltyMilliseconds),
    ]);

    private readonly RedisStore store = new(redis.Connection.GetDatabase());

    private enum Act
    {
        Reserve,
        Settle,
        Read,
        Grant,
        Wait,
        Jump,
    }

    [Fact]
    public void Script_and_process_answer_alike_whatever_the_history()
    {
        var step = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 7], Gen.Int[0, 255], Gen.Int[0, 2_000_000], Gen.Enum<Outcome>());
        step.Array[1, 80].Sample(
            steps =>
            {
                var state = new SubjectState(Windows);
                var stored = new StoredSubject(store, Windows);
                var open = new List<SubjectReservation>();
                var now = Start;
                var id = 1UL;
                var first = View(stored, id, now, 1, 255);
                open.Add(first);
                AssertSame(state.Reserve(first), stored.Reserve(first));
                foreach (var (act, number, charge, amount, outcome) in steps)
                {
                    switch (act)
                    {
                        case Act.Reserve:
                            var view = View(stored, ++id, now, number, charge);
                            open.Add(view);
                            AssertSame(state.Reserve(view), stored.Reserve(view));
                            break;
                        case Act.Settle when open.Count > 0:
                            var settled = open[amount % open.Count];
                            var settlement = new Settlement(outcome, charge & 1, charge & 3) { MostRecords = 12 };
                            open.Remove(settled);
                            state.Settle(settled, settlement, now);
                            stored.Settle(settled, settlement, now);
                            break;
                        case Act.Grant:
                            Assert.Equal(state.Grant(number, now + amount, 3, now), stored.Grant(number, now + amount, 3, now));
                            break;
                        case Act.Wait:
                            now += amount / (1 + (number * number * 10));
                            break;
                        case Act.Jump when number == 0:
                            now += (charge - 128) * 3_600_000L / 4;
                            break;
                        default:
                            AssertSame(state.Read(now, Windows), stored.Read(now));
                            break;
                    }
                }
            },
            iter: 400,
            threads: 1);
    }

    [Fact]
    public void Accounts_known_at_an_address_are_counted_alike()
    {
        var state = new SubjectState(Windows);
        var stored = new StoredSubject(store, Windows);
        var random = new Random(5);
        for (var view = 1UL; view < 1500; view++)
        {
            var now = Start + ((long)view * 47_000);
            var reservation = View(stored, view, now, 1, 255) with
            {
                Account = (ulong)random.Next(1, view < 1000 ? 40 : 700),
                AccountIsWarned = random.Next(5) == 0,
            };
            var here = state.Reserve(reservation).GoodAccounts;
            var there = stored.Reserve(reservation).GoodAccounts;
            if (view < 1000)
                Assert.InRange(there, here - 1, here);
            else
                Assert.InRange(there, 1, KnownAccounts.Most);
        }
    }

    [Fact]
    public void Nodes_with_other_settings_share_the_windows_they_both_have_and_leave_the_rest_alone()
    {
        var views = new Window(WindowCount.Views, 60_000);
        var old = new WindowSet([new Window(WindowCount.Records, 600_000), views]);
        var young = new WindowSet([views, new Window(WindowCount.Records, 300_000), new Window(WindowCount.Misses, 60_000)]);
        var subject = new StoredSubject(store, old);
        Show(old, 1);
        Show(old, 2);
        Show(young, 3);
        Assert.Equal([2, 3], Totals(old));
        Assert.Equal([3, 1, 0], Totals(young));

        // A record shown under the old settings is novel to a window that the old settings do not have.
        Show(young, 1);
        Assert.Equal([2, 4], Totals(old));
        Assert.Equal([4, 2, 0], Totals(young));

        void Show(WindowSet windows, ulong record)
        {
            var view = new SubjectReservation
            {
                Subject = subject.Key,
                Windows = windows,
                Id = (record * 10) + (ulong)windows.Count,
                At = Start,
                Charge = windows.All,
                Records = [record],
            };
            subject.Reserve(view);
            subject.Settle(view, new Settlement(Outcome.Displayed), Start);
        }

        int[] Totals(WindowSet windows) => [.. subject.Read(Start, windows).Counts.Select(count => count.Settled.Total)];
    }

    [Fact]
    public void Settings_that_change_again_and_again_push_out_the_windows_longest_out_of_use_and_never_those_in_use()
    {
        var kept = new Window(WindowCount.Records, 600_000);
        var subject = new StoredSubject(store, new WindowSet([kept]));
        for (var change = 1; change <= 60; change++)
        {
            var windows = new WindowSet([kept, new Window(WindowCount.Records, 60_000 + change)]);
            var view = new SubjectReservation
            {
                Subject = subject.Key,
                Windows = windows,
                Id = (ulong)change,
                At = Start + change,
                Charge = windows.All,
                Records = [(ulong)change],
            };
            var reading = subject.Reserve(view);
            Assert.Equal((change - 1, 0), (reading.Counts[0].Settled.Total, reading.Counts[1].Settled.Total));
            subject.Settle(view, new Settlement(Outcome.Displayed), Start + change);
            Assert.Equal(1, subject.Read(Start + change, windows).Counts[1].Settled.Total);
        }
    }

    [Fact]
    public void An_outcome_whose_reservation_was_lost_is_counted_all_the_same()
    {
        var subject = new StoredSubject(store, Windows);
        subject.Settle(View(subject, 1, Start, 2, 255), new Settlement(Outcome.Displayed), Start);
        Assert.Equal(2, subject.Read(Start).Counts[1].Settled.Total);
    }

    [Fact]
    public void A_reservation_sent_twice_is_reserved_once()
    {
        var subject = new StoredSubject(store, Windows);
        var view = View(subject, 1, Start, 2, 255);
        subject.Reserve(view);
        var again = subject.Reserve(view);
        Assert.Equal((2, 1), (again.Counts[1].Reserved, again.Counts[0].Reserved));
    }

    [Fact]
    public void Every_key_expires_and_none_names_anybody()
    {
        var subject = new StoredSubject(store, Windows);
        subject.Reserve(View(subject, 1, Start, 2, 255) with { Account = 9 });
        subject.Settle(View(subject, 1, Start, 2, 255), new Settlement(Outcome.Displayed), Start);
        var keys = RedisStore.Keys(subject.Key);
        Assert.Equal(2, keys.Length);
        foreach (var key in keys)
        {
            var left = redis.Connection.GetDatabase().KeyTimeToLive(key);
            Assert.NotNull(left);
            Assert.InRange(left.Value.TotalDays, 0.9, 33);
            Assert.Matches("^test:1:{address:[0-9a-f]{32}}(:accounts)?$", (string)key!);
        }
    }

    [Fact]
    public void A_value_of_another_layout_or_cut_short_is_begun_anew_and_never_an_error()
    {
        foreach (var value in (RedisValue[])["", "\u0001", new byte[200], "\u0002" + new string('x', 100)])
        {
            var subject = new StoredSubject(store, Windows, SubjectType.Account);
            redis.Connection.GetDatabase().StringSet(RedisStore.Keys(subject.Key)[0], value);
            Assert.Equal(2, subject.Reserve(View(subject, 1, Start, 2, 255)).Novel);
        }
    }

    [Fact]
    public async Task Views_at_once_from_many_clients_never_pass_max_together()
    {
        const int Max = 10;
        var subject = new StoredSubject(store, Windows);
        var admitted = 0;
        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, (index, _) =>
        {
            var view = View(subject, (ulong)index + 1, Start + index, 0, 255) with { Records = [(ulong)index + 1] };
            var fits = subject.Reserve(view).Counts[1].Against(Max, WindowCount.Records) <= Max;
            if (fits)
                Interlocked.Increment(ref admitted);
            subject.Settle(view, new Settlement(fits ? Outcome.Displayed : Outcome.Released), Start + index);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(Max, admitted);
    }

    [Fact]
    public void The_file_runs_under_redis_cli_as_it_is()
    {
        Assert.SkipUnless(RedisServer.Find("redis-cli") is not null && redis.Server.IsProcess, "No redis-cli is installed.");
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".lua");
        File.WriteAllText(file, SubjectScript.Text);
        try
        {
            using var client = Process.Start(new ProcessStartInfo("redis-cli")
            {
                ArgumentList =
                {
                    "-p", redis.Server.Port.ToString(CultureInfo.InvariantCulture), "--eval", file, "cli", ",", "grant", "1700000000000", "", "5", "1700000060000", "2",
                },
                RedirectStandardOutput = true,
            })!;
            Assert.Equal("1", client.StandardOutput.ReadToEnd().Trim());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static SubjectReservation View(StoredSubject subject, ulong id, long at, int records, int charge) => new()
    {
        Subject = subject.Key,
        Windows = Windows,
        Id = id,
        At = at,
        Charge = (uint)charge,
        Records = [.. Enumerable.Range(0, records).Select(record => (ulong)((record * 3) + (records % 2)) + 1)],
        Maxima = [6, 3, 0, 8, 2, 0, 0, 0],
        Views = records == 3 ? 0 : 1,
    };

    private static void AssertSame(SubjectReading here, SubjectReading there)
    {
        for (var index = 0; index < Windows.Count; index++)
        {
            Assert.Equal(here.Counts[index].Reserved, there.Counts[index].Reserved);
            Assert.Equal(here.Counts[index].Settled.Newest, there.Counts[index].Settled.Newest);
            Assert.Equal(Slots(here.Counts[index].Settled), Slots(there.Counts[index].Settled));
        }

        Assert.Equal(
            (here.Novel, here.IsGranted, here.AllowanceLeft, here.AllowanceUntil, here.StepUpsToday, here.Displayed, here.LastNovelAt),
            (there.Novel, there.IsGranted, there.AllowanceLeft, there.AllowanceUntil, there.StepUpsToday, there.Displayed, there.LastNovelAt));
    }

    private static ushort[] Slots(SlidingWindow window)
    {
        var slots = new ushort[SlidingWindow.Slots];
        window.CopyTo(slots);
        return slots;
    }
}
