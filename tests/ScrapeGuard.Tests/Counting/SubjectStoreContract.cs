using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>What every store of subjects does: held against an exact log of times.</summary>
public abstract class SubjectStoreContract
{
    private static readonly WindowSet Windows = new(
    [
        new Window(WindowCount.Views, 60_000),
        new Window(WindowCount.Records, 600_000),
        new Window(WindowCount.Records, SubjectState.NoveltyMilliseconds),
        new Window(WindowCount.Misses, 600_000),
    ]);

    internal abstract ISubjectStore Store { get; }

    /// <summary>How many random histories a property is tried with.</summary>
    protected abstract int Histories { get; }

    private enum Act
    {
        Reserve,
        Settle,
        Wait,
    }

    [Fact]
    public void Every_count_is_never_under_the_exact_log_and_over_by_at_most_one_sub_window()
    {
        var step = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 9], Gen.Int[0, 1_000_000], Gen.Enum<Outcome>());
        step.Array[1, 120].Sample(
            steps =>
            {
                var state = new StoredSubject(Store, Windows);
                var log = new ExactLog();
                var now = 1_700_000_000_000L;
                foreach (var (act, number, amount, outcome) in steps)
                {
                    switch (act)
                    {
                        case Act.Reserve:
                            var view = View(state, (ulong)log.Views.Count + 1, now, (ulong)number + 1);
                            log.Reserve(view);
                            Compare(log, state.Reserve(view), now, view);
                            break;
                        case Act.Settle when log.Open.Count > 0:
                            var settled = log.Open[number % log.Open.Count];
                            state.Settle(settled.View, new Settlement(outcome), now);
                            log.Settle(settled, outcome);
                            Compare(log, state.Read(now, Windows), now, null);
                            break;
                        default:
                            now += amount / (1 + (number * number * 10));
                            break;
                    }
                }
            },
            iter: Histories, threads: 1);
    }

    [Fact]
    public void In_no_sliding_window_do_more_than_max_get_through()
    {
        const int Max = 5;
        const long Length = 60_000;
        var set = new WindowSet([new Window(WindowCount.Records, Length)]);
        Gen.Int[0, 20_000].Array[1, 200].Sample(
            waits =>
            {
                var state = new StoredSubject(Store, set);
                var now = 1_700_000_000_000L;
                var admitted = new List<long>();
                for (var index = 0; index < waits.Length; index++)
                {
                    now += waits[index];
                    var view = new SubjectReservation
                    {
                        Subject = state.Key,
                        Windows = set,
                        Id = (ulong)index + 1,
                        At = now,
                        Charge = 1,
                        Records = [(ulong)index + 1],
                    };
                    var count = state.Reserve(view).Counts[0].Against(Max, WindowCount.Records);
                    var fits = count <= Max;
                    state.Settle(view, new Settlement(fits ? Outcome.Displayed : Outcome.Released), now);
                    if (fits)
                        admitted.Add(now);
                    var longer = admitted.Count(time => time > now - Length - set[0].SubWindow);
                    Assert.True(fits || longer >= Max, "refused although fewer than max fell into the window and one sub-window");
                    Assert.InRange(admitted.Count(time => time > now - Length), 0, Max);
                }
            },
            iter: Histories, threads: 1);
    }

    [Fact]
    public void A_record_is_novel_again_when_it_was_last_shown_more_than_a_day_ago()
    {
        var state = new StoredSubject(Store, Windows);
        var now = 1_700_000_000_000L;
        Show(1, now);
        Assert.Equal(0, Show(2, now + (23 * 3_600_000L)));
        Assert.Equal(0, Show(3, now + (46 * 3_600_000L)));
        Assert.Equal(1, Show(4, now + (71 * 3_600_000L)));

        int Show(ulong id, long at)
        {
            var view = View(state, id, at, 7);
            var novel = state.Reserve(view).Novel;
            state.Settle(view, new Settlement(Outcome.Displayed), at);
            return novel;
        }
    }

    [Fact]
    public void The_same_record_asked_twice_at_once_is_reserved_once_and_inherited_by_the_second()
    {
        var state = new StoredSubject(Store, Windows);
        var now = 1_700_000_000_000L;
        var first = View(state, 1, now, 7);
        var second = View(state, 2, now, 7);
        Assert.Equal(1, state.Reserve(first).Novel);
        Assert.Equal(0, state.Reserve(second).Novel);
        state.Settle(first, new Settlement(Outcome.ViewOnly), now);
        Assert.Equal(1, state.Read(now, Windows).Counts[1].Reserved);
        state.Settle(second, new Settlement(Outcome.Displayed), now);
        Assert.Equal((1, 0), (state.Read(now, Windows).Counts[1].Settled.Total, state.Read(now, Windows).Counts[1].Reserved));
    }

    [Fact]
    public void A_clock_that_steps_back_loses_nothing_and_nothing_stays_longer_than_one_window()
    {
        var state = new StoredSubject(Store, Windows);
        var now = 1_700_000_000_000L;
        var view = View(state, 1, now, 7);
        state.Reserve(view);
        state.Settle(view, new Settlement(Outcome.Displayed), now);
        var back = now - 3_600_000;
        Assert.Equal(1, state.Read(back, Windows).Counts[0].Settled.Total);
        Assert.Equal(0, state.Read(back + 66_000, Windows).Counts[0].Settled.Total);
    }

    [Fact]
    public void A_completed_step_up_admits_its_allowance_once_and_a_view_that_failed_gives_it_back_but_a_miss_does_not()
    {
        var set = new WindowSet([new Window(WindowCount.Records, 600_000)]);
        var state = new StoredSubject(Store, set);
        var now = 1_700_000_000_000L;
        for (var record = 1UL; record <= 3; record++)
            Ask(record, Outcome.Displayed);
        Assert.True(state.Grant(3, now + 60_000, maxPerDay: 1, now));
        Assert.True(Ask(4, Outcome.ViewOnly).IsGranted);
        Assert.True(Ask(5, Outcome.Displayed).IsGranted);
        Assert.True(Ask(5, Outcome.Displayed).IsGranted);
        Assert.True(Ask(60, Outcome.Missed).IsGranted);
        Assert.True(Ask(6, Outcome.Displayed).IsGranted);
        Assert.False(Ask(7, Outcome.Released).IsGranted);
        Assert.False(state.Grant(2, now + 60_000, maxPerDay: 1, now));

        SubjectReading Ask(ulong record, Outcome outcome)
        {
            var view = new SubjectReservation
            {
                Subject = state.Key,
                Windows = set,
                Id = record,
                At = now,
                Charge = 1,
                Records = [record],
                Maxima = [3],
            };
            var reading = state.Reserve(view);
            state.Settle(view, new Settlement(outcome), now);
            return reading;
        }
    }

    private static SubjectReservation View(StoredSubject state, ulong id, long at, ulong record) => new()
    {
        Subject = state.Key,
        Windows = Windows,
        Id = id,
        At = at,
        Charge = Windows.All,
        Records = [record],
    };

    private static void Compare(ExactLog log, SubjectReading reading, long now, SubjectReservation? own)
    {
        for (var index = 0; index < Windows.Count; index++)
        {
            var window = Windows[index];
            var settled = reading.Counts[index].Settled.Total;
            Assert.InRange(settled, log.Settled(window.Count, now, window.Milliseconds), log.Settled(window.Count, now, window.Milliseconds + window.SubWindow));
            Assert.Equal(log.Reserved(window.Count, now, own), reading.Counts[index].Reserved);
        }
    }

    /// <summary>The oracle: every view with its time and its end, counted by looking at all of them.</summary>
    private sealed class ExactLog
    {
        private readonly List<(WindowCount Count, long At)> events = [];
        private readonly HashSet<ulong> displayed = [];

        public List<Entry> Views { get; } = [];

        public List<Entry> Open => [.. Views.Where(entry => !entry.IsSettled)];

        public void Reserve(SubjectReservation view) => Views.Add(new Entry(view));

        public void Settle(Entry entry, Outcome outcome)
        {
            entry.IsSettled = true;
            if (outcome == Outcome.Released)
                return;
            events.Add((WindowCount.Views, entry.View.At));
            if (outcome == Outcome.Missed)
                events.Add((WindowCount.Misses, entry.View.At));
            if (outcome == Outcome.Displayed && displayed.Add(entry.View.Records[0]))
                events.Add((WindowCount.Records, entry.View.At));
        }

        public int Settled(WindowCount count, long now, long length) => events.Count(item => item.Count == count && item.At > now - length);

        public int Reserved(WindowCount count, long now, SubjectReservation? own)
        {
            var inFlight = Open.Where(entry => entry.View.At > now - SubjectReservation.Lifetime).Select(entry => entry.View).ToArray();
            return count switch
            {
                WindowCount.Views => inFlight.Length,
                WindowCount.Records => inFlight.Select(view => view.Records[0]).Distinct().Count(record => !displayed.Contains(record)),
                _ => inFlight.Count(view => view != own),
            };
        }
    }

    private sealed class Entry(SubjectReservation view)
    {
        public SubjectReservation View { get; } = view;

        public bool IsSettled { get; set; }
    }
}
