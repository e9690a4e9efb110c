using CsCheck;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Log;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Log;

public class LogSnapshotTests
{
    private const long Memory = 30 * Logs.Day;
    private static readonly WindowSet Set = new(Logs.Windows);
    private static readonly long[] Lengths = [60_000, 600_000, 3_600_000, Logs.Day];

    [Fact]
    public void A_snapshot_says_what_the_log_says_and_counts_nothing_less_and_nothing_a_twelfth_of_a_window_longer()
    {
        Logs.AnyStep.Array[0, 120].Sample(
            steps =>
            {
                var log = Logs.Write(steps, hasSlots: false);
                AssertAlike(log, Compact(log, 2000), Logs.Now);
            },
            iter: 3_000);
    }

    [Fact]
    public void Snapshots_of_snapshots_drift_no_further()
    {
        Gen.Select(Logs.AnyStep.Array[1, 60], Gen.Int[0, 40_000_000], Gen.Int[1, 30]).Sample(
            (steps, later, times) =>
            {
                // No record twice: nobody announces one again within its day unless by a race of some milliseconds.
                var log = Logs.Write(steps.Select((step, index) => step with { Record = (ulong)index }), hasSlots: false);
                var snapshot = log;
                var now = Logs.Now;
                for (var time = 1; time <= times; time++)
                    snapshot = LogSnapshot.Compact(snapshot, now = Logs.Now + ((long)later * time / times), 9, (uint)time, 2000, Memory);
                AssertAlike(log, snapshot, now);
            },
            iter: 1_000);
    }

    [Fact]
    public void Records_past_the_most_that_are_remembered_are_counted_all_the_same()
    {
        var writer = new LogWriter();
        for (var record = 1; record <= 100; record++)
            writer.Record(Logs.Now - SubjectReservation.Lifetime - (record * 1000), (ulong)record, Logs.ChargeOf(0));
        var log = writer.End(1, 1).ToArray();
        var snapshot = Compact(log, 30);
        var folded = FoldedLog.Of(snapshot, Logs.Now);
        Assert.Equal(Enumerable.Range(1, 30).Select(record => (ulong)record), folded.Records.Keys.Order());
        AssertAlike(log, snapshot, Logs.Now, areRecordsListed: false);
    }

    [Fact]
    public void Slots_make_up_for_what_was_lost_and_never_count_twice_what_is_there()
    {
        Logs.AnyStep.Array[0, 60].Sample(
            steps =>
            {
                var log = Logs.Write(steps);
                var snapshot = Compact(log, 2000);
                var before = Fold(log);
                var after = Fold(snapshot);
                for (var index = 0; index < Set.Count; index++)
                {
                    AssertLaterByOneSlotAtMost(Slots(before[index]), Slots(after[index]));
                }
            },
            iter: 3_000);
    }

    [Fact]
    public void All_that_may_be_remembered_of_a_subject_takes_half_a_mebibyte_and_is_far_shorter_than_any_log_that_is_taken_away()
    {
        var writer = new LogWriter();
        for (var account = 1UL; account <= KnownAccounts.Most; account++)
            writer.Account(account, Logs.Now - Logs.Day, Logs.Now, isWarned: false);
        for (var view = 0; view < 20_000; view++)
        {
            var time = Logs.Now - Logs.Day + 60_000 + (view * 4_000L);
            writer.Record(time, (ulong)(1 + view), Logs.ChargeOf(0));
            writer.Shown(Logs.Now - 120_000, (ulong)(1 + view), Logs.ChargeOf(0));
            foreach (var charge in new[] { 0, 1, 3 })
                writer.Counts(time, Logs.ChargeOf(charge), new LogCounts(1, 1, 1, 1, 1));
        }

        Assert.InRange(Compact(writer.End(1, 1).ToArray(), 10_000).Length, 400_000, 512 * 1024);
    }

    [Fact]
    public void A_forgotten_subject_keeps_only_its_accounts()
    {
        var writer = new LogWriter();
        writer.Account(5, Logs.Now - 10, Logs.Now - 5, true);
        writer.Record(Logs.Now - 9, 1, Logs.ChargeOf(0));
        writer.Counts(Logs.Now - 8, Logs.ChargeOf(0), new LogCounts(Views: 1));
        writer.Grant(Logs.Now - 7, 5, Logs.Now + 100);
        writer.Slots(Logs.Windows[0], SlidingWindow.From(new ushort[13], Logs.Windows[0].IndexAt(Logs.Now)));
        writer.Forget(Logs.Now - 6);
        var folded = FoldedLog.Of(Compact(writer.End(1, 1).ToArray(), 2000), Logs.Now);
        Assert.Equal((0, 0, 0, 1), (folded.Records.Count, folded.Counted.Count, folded.Grants.Count, folded.Accounts.Count));
    }

    [Fact]
    public void The_longest_unseen_accounts_beyond_512_are_dropped_and_so_are_those_of_a_month_ago()
    {
        var writer = new LogWriter();
        writer.Account(9999, Logs.Now - (31 * Logs.Day), Logs.Now - (30 * Logs.Day), false);
        for (var account = 1; account <= 600; account++)
            writer.Account((ulong)account, Logs.Now - 1_000_000, Logs.Now - account, false);
        var folded = FoldedLog.Of(Compact(writer.End(1, 1).ToArray(), 2000), Logs.Now);
        Assert.Equal(Enumerable.Range(1, KnownAccounts.Most).Select(account => (ulong)account), folded.Accounts.Keys.Order());
    }

    [Fact]
    public void Every_entry_of_the_64_nodes_that_wrote_last_is_held_by_the_snapshot()
    {
        var writer = new LogWriter();
        var log = new List<byte>();
        for (var node = 1u; node <= 80; node++)
        {
            writer.Begin();
            writer.Withdraw(Logs.Now, node);
            log.AddRange(writer.End(node, node * 3).Span);
        }

        var snapshot = Compact(Compact([.. log], 2000), 2000);
        for (var node = 20u; node <= 80; node++)
            Assert.Equal((true, false), (LogReader.Holds(snapshot, LogReader.MarkOf(node, node * 3)), LogReader.Holds(snapshot, LogReader.MarkOf(node, (node * 3) + 1))));
    }

    [Fact]
    public void An_entry_still_under_way_when_its_node_made_a_snapshot_is_not_held()
    {
        var writer = new LogWriter();
        writer.Withdraw(Logs.Now, 1);
        var snapshot = LogSnapshot.Compact(writer.End(1, 1).Span, Logs.Now, 1, 3, 2000, Memory);
        var again = LogSnapshot.Compact(snapshot, Logs.Now, 2, 1, 2000, Memory);
        Assert.True(LogReader.Holds(again, LogReader.MarkOf(1, 1)));
        Assert.False(LogReader.Holds(again, LogReader.MarkOf(1, 2)));
    }

    [Fact]
    public void A_snapshot_holds_the_one_before_whatever_was_appended_between()
    {
        var writer = new LogWriter();
        writer.Withdraw(Logs.Now, 1);
        var first = LogSnapshot.Compact(writer.End(1, 1).Span, Logs.Now, 1, 3, 2000, Memory);
        writer.Begin();
        writer.Withdraw(Logs.Now, 2);
        var again = LogSnapshot.Compact([.. first, .. writer.End(2, 1).Span], Logs.Now, 2, 2, 2000, Memory);
        Assert.True(LogReader.Holds(again, LogReader.LastMark(first)));
    }

    [Fact]
    public void A_day_of_constant_views_takes_a_few_kilobytes()
    {
        var writer = new LogWriter();
        for (var second = 0; second < 86_400; second += 2)
            writer.Counts(Logs.Now - (second * 1000), Logs.ChargeOf(0), new LogCounts(Views: 1));
        var log = writer.End(1, 1).ToArray();
        var snapshot = Compact(log, 2000);
        Assert.InRange(snapshot.Length, 100, 12_500);
        AssertAlike(log, snapshot, Logs.Now);
    }

    [Fact]
    public void The_snapshot_of_a_damaged_log_is_whole_again()
    {
        Gen.Select(Logs.Log, Gen.Int[0, 4000], Gen.Byte.Array[0, 60]).Sample(
            (log, place, noise) =>
            {
                noise.AsSpan(0, Math.Min(noise.Length, log.Length - (place % (log.Length + 1)))).CopyTo(log.AsSpan(place % (log.Length + 1)));
                Assert.True(LogReader.IsWellFormed(Compact(log, 10)));
            },
            iter: 5_000);
    }

    private static byte[] Compact(byte[] log, int mostRecords) => LogSnapshot.Compact(log, Logs.Now, 9, 1, mostRecords, Memory);

    private static void AssertAlike(byte[] log, byte[] snapshot, long now, bool areRecordsListed = true)
    {
        var before = FoldedLog.Of(log, now);
        var after = FoldedLog.Of(snapshot, now);
        Assert.True(LogReader.IsWellFormed(snapshot));
        Assert.Equal(before.Accounts, after.Accounts);
        Assert.Equal(before.Grants, after.Grants);
        Assert.Equal(before.Allowance, after.Allowance);
        if (areRecordsListed)
            Assert.Equal(before.Records.Keys.Order().Select(record => Text(before, record)), after.Records.Keys.Order().Select(record => Text(after, record)));
        foreach (var length in Lengths)
        {
            foreach (var window in Logs.Windows)
            {
                var whole = window with { Milliseconds = length };
                var kept = after.CountOf(whole, now - length);
                Assert.True(kept >= before.CountOf(whole, now - length), "Something left a window too early.");
                Assert.True(kept <= before.CountOf(whole, now - length - (length / 12)), "Something stayed in a window too long.");
            }
        }

        // Known until when, and of each window when it was novel.
        static string Text(FoldedLog log, ulong record) =>
            $"{record} {log.Records[record].Max(claim => claim.Time)}: {string.Join(" | ", Logs.Windows.Select(window => string.Join(',', log.NovelIn(record, window))))}";
    }

    private static void AssertLaterByOneSlotAtMost(ushort[] before, ushort[] after)
    {
        var (least, least1, count) = (0, 0, 0);
        for (var slot = SlidingWindow.SubWindows; slot >= 0; slot--)
        {
            least += before[slot];
            least1 = least + (slot > 0 ? before[slot - 1] : ushort.MaxValue);
            count += after[slot];
            Assert.InRange(count, least, least1);
        }
    }

    private static LogFold Fold(byte[] log)
    {
        var fold = new LogFold(Set, Logs.Now, LogReader.ForgottenAt(log));
        fold.Add(log);
        return fold;
    }

    private static ushort[] Slots(SlidingWindow window)
    {
        var slots = new ushort[SlidingWindow.Slots];
        window.CopyTo(slots);
        return slots;
    }
}
