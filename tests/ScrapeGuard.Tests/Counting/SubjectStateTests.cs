using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>The packed state of a subject against the same arithmetic on plain lists, operation for operation.</summary>
public class SubjectStateTests
{
    private const long Start = 1_700_000_000_000L;

    private static readonly int[] Maxima = [6, 3, 0, 8, 2, 0, 0, 0, 4];

    private static readonly WindowSet Windows = new(
    [
        new Window(WindowCount.Views, 60_000),
        new Window(WindowCount.Records, 600_000),
        new Window(WindowCount.Records, 600_000, Kind: 77),
        new Window(WindowCount.Records, SubjectState.NoveltyMilliseconds, Charge: WindowCharge.All),
        new Window(WindowCount.Misses, 600_000),
        new Window(WindowCount.Views, 30 * SubjectState.NoveltyMilliseconds),
        new Window(WindowCount.RawViews, SubjectState.NoveltyMilliseconds),
        new Window(WindowCount.RawRecords, SubjectState.NoveltyMilliseconds),
        new Window(WindowCount.Pace, Pace.Medium.Milliseconds),
    ])
    {
        Calm = [.. Maxima[..5].Select((max, index) => max == 0 ? int.MaxValue : index == 4 ? 0 : (max - 1) / 2)],
    };

    private static readonly int ViewsBits = (int)Windows.Views;

    private readonly InProcessStore store = new();

    private enum Act
    {
        Reserve,
        Revisit,
        Settle,
        Read,
        Grant,
        Wait,
        Jump,
    }

    [Fact]
    public void Packed_and_plain_answer_alike_whatever_the_history()
    {
        var free = 0;
        var step = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 7], Gen.Int[0, 255], Gen.Int[0, 2_000_000], Gen.Enum<Outcome>());
        step.Array[1, 80].Sample(
            steps =>
            {
                var state = new ReferenceState(Windows);
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
                        case Act.Reserve or Act.Revisit:
                            var view = act == Act.Reserve ? View(stored, ++id, now, number, charge) : View(stored, ++id, now, 1, charge & ~ViewsBits);
                            open.Add(view);
                            view.IsFree = stored.IsFree(view);
                            if (view.IsFree)
                            {
                                Assert.True(state.MayPass(view, Maxima));
                                free++;
                                break;
                            }

                            var reserved = state.Reserve(view);
                            if (amount % 2 == 0)
                                AssertSame(reserved, stored.Reserve(view));
                            else
                                store.ReserveUnread(view);
                            break;
                        case Act.Settle when open.Count > 0:
                            var settled = open[amount % open.Count];
                            var settlement = new Settlement(outcome, charge & 1, charge & 3) { MostRecords = 20 };
                            open.Remove(settled);

                            // A page that ran for a day is none of a portal's.
                            if (now - settled.At > SubjectState.NoveltyMilliseconds / 2)
                                break;
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
                            // Never close to a whole day, to which the packed state is exact within four seconds.
                            now += ((charge % 128) - (charge < 128 ? 0 : 130)) * (charge < 128 ? 913_171L : 9_171L);
                            break;
                        default:
                            AssertSame(state.Read(now, Windows), stored.Read(now));
                            break;
                    }
                }
            },
            iter: 3000,
            threads: 1);
        Assert.True(free > 40, $"Only {free} views were let by.");
    }

    [Fact]
    public void Views_that_are_noted_first_count_as_if_each_had_been_counted_at_once()
    {
        var windows = new WindowSet(
        [
            new Window(WindowCount.Records, 600_000), new Window(WindowCount.Pace, Pace.Medium.Milliseconds),
            new Window(WindowCount.Views, SubjectState.NoveltyMilliseconds), new Window(WindowCount.Misses, 600_000),
        ])
        { Limited = 0b1011, Calm = [9, int.MaxValue, int.MaxValue, 0] };
        var (noted, mostNoted, revisits) = (0, 0, 0);
        var step = Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3], Gen.Int[0, 90_000]);
        step.Array[1, 240].Sample(
            steps =>
            {
                var state = new ReferenceState(windows);
                var stored = new StoredSubject(store, windows, SubjectType.Account);
                var now = Start;
                var id = 0UL;
                var isBusy = steps[0].Item1 % 2 == 0;
                foreach (var (act, record, wait) in steps)
                {
                    // Where a clock stepped back, windows that a revisit did not move on are those of the time before it.
                    now += isBusy && act < 38 ? wait / 900 : act < 30 ? wait / 30 : act < 39 ? wait : wait * 100;
                    var view = new SubjectReservation
                    {
                        Subject = stored.Key,
                        Windows = windows,
                        Id = ++id,
                        At = now,
                        Charge = windows.Regular,
                        Records = [(ulong)record + 1],
                        Maxima = [20, 0, 0, 20],
                    };
                    view.IsFree = stored.IsFree(view);
                    var isRead = isBusy ? act > 38 : act % 11 == 10;
                    var reserved = view.IsFree ? null : state.Reserve(view);
                    if (reserved is not null && isRead)
                        AssertSame(reserved, stored.Reserve(view), windows);
                    else if (reserved is not null)
                        store.ReserveUnread(view);
                    var outcome = (act % 17) switch { 16 => Outcome.Missed, 15 => Outcome.Released, _ => Outcome.Displayed };
                    var until = now + (act % 5 == 4 ? wait / 50 : 0);
                    state.Settle(view, new Settlement(outcome), until);
                    stored.Settle(view, new Settlement(outcome), until);
                    now = until;
                    noted += store.PendingOf(stored.Key) > 0 ? 1 : 0;
                    mostNoted = Math.Max(mostNoted, store.PendingOf(stored.Key));
                    revisits += view.IsFree ? 1 : 0;
                    if (isRead)
                        AssertSame(state.Read(now, windows), stored.Read(now), windows);
                }

                AssertSame(state.Read(now, windows), stored.Read(now), windows);
            },
            iter: 3000,
            threads: 1);
        Assert.True(noted * 3 > revisits && noted > 1000, $"Of {revisits} revisits only {noted} were noted.");
        Assert.Equal(SubjectHead.MostPending, mostNoted);
    }

    [Fact]
    public void An_outcome_whose_reservation_was_lost_is_counted_all_the_same()
    {
        var subject = new StoredSubject(store, Windows);
        subject.Settle(View(subject, 1, Start, 2, 255), new Settlement(Outcome.Displayed), Start);
        Assert.Equal(2, subject.Read(Start).Counts[1].Settled.Total);
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

    private static SubjectReservation View(StoredSubject subject, ulong id, long at, int records, int charge) => new()
    {
        Subject = subject.Key,
        Windows = Windows,
        Id = id,
        At = at,
        Charge = (uint)charge | (charge >= 64 ? 256u : 0),
        Neighbours = records < 5 ? [] : [98UL + (ulong)records, 99UL + (ulong)records, 101UL + (ulong)records, 102UL + (ulong)records],
        Records = records >= 5 ? [100UL + (ulong)records] : [.. Enumerable.Range(0, records == 4 ? 8 : records).Select(record => (ulong)((record * 3) + (records % 2)) + 1)],
        Maxima = Maxima,
        Views = records == 3 ? 0 : 1,
    };

    private static void AssertSame(SubjectReading here, SubjectReading there, WindowSet? windows = null)
    {
        for (var index = 0; index < (windows ?? Windows).Count; index++)
        {
            Assert.Equal(here.Counts[index].Reserved, there.Counts[index].Reserved);
            Assert.Equal(here.Counts[index].Value, there.Counts[index].Value);
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
