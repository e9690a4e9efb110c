using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>Windows have a place in the block of a subject only while they hold something.</summary>
public class SubjectWindowsTests
{
    private const long Now = 1_700_000_000_000;
    private const long Minute = 60_000;
    private const long Day = SubjectState.NoveltyMilliseconds;

    private static readonly Window Records = new(WindowCount.Records, 10 * Minute);
    private static readonly Window Views = new(WindowCount.Views, Minute);
    private static readonly Window Misses = new(WindowCount.Misses, 10 * Minute);
    private static readonly Window DayViews = new(WindowCount.Views, Day);
    private static readonly WindowSet All = new([Records, Views, Misses, DayViews]);

    private static readonly SubjectKey Subject = new(SubjectType.Account, 7);

    private readonly SubjectTable table = new(64 << 20);
    private ulong lastId;

    private uint Present => new SubjectBlock(table.ShardOf(Subject).Find(Subject)!).Head.Windows;

    [Fact]
    public void An_absent_window_reads_as_nothing_at_whatever_time()
    {
        var row = new WindowRow([], present: 0, isWide: false);
        var window = row[3];
        Assert.True(window.IsAbsent);
        window.Advance(500, isGone: false);
        window.Advance(500, isGone: true);
        window.Take(500, within: 2);
        Assert.True(window.IsNewest(1_000_000));
        Assert.Equal(0, window.Total);
        Assert.Equal(0, window.Score(1000, Now, leak: 0.1));
        Assert.Equal((0, 77), (window.ToWindow(77).Total, window.ToWindow(77).Newest));
    }

    [Fact]
    public void Windows_lie_in_their_order_whichever_of_them_are_there()
    {
        foreach (var isWide in new[] { false, true })
        {
            var bytes = new byte[2 * WindowSlots.BytesOf(isWide)];
            var row = new WindowRow(bytes, present: 0b10_0100, isWide);
            row[5].Advance(9, isGone: true);
            row[5].AddNewest(3);
            Assert.Equal([0, 0, 0, 0, 0, 3], Enumerable.Range(0, 6).Select(index => new WindowRow(bytes, 0b10_0100, isWide)[index].Total));
            Assert.Equal(0b10_0000u, row.Held);
        }
    }

    [Fact]
    public void A_subject_has_a_place_for_what_its_first_view_counts_in_and_for_a_miss_when_it_has_one()
    {
        View(1, Outcome.Displayed, Now);
        Assert.Equal(0b1011u, Present);
        View(2, Outcome.Missed, Now);
        Assert.Equal(0b1111u, Present);
        Assert.Equal([1, 2, 1, 2], Counts(Now));
    }

    [Fact]
    public void A_window_that_comes_later_counts_from_then_on()
    {
        View(1, Outcome.Displayed, Now);
        View(1, Outcome.Displayed, Now + (4 * Minute));
        View(2, Outcome.Missed, Now + (7 * Minute));
        View(3, Outcome.Missed, Now + (9 * Minute));
        Assert.Equal([1, 1, 2, 4], Counts(Now + (9 * Minute)));
        Assert.Equal([0, 0, 2, 4], Counts(Now + (16 * Minute)));
        Assert.Equal([0, 0, 1, 4], Counts(Now + (18 * Minute)));
        Assert.Equal([0, 0, 0, 4], Counts(Now + (20 * Minute)));
    }

    [Fact]
    public void A_window_that_comes_as_the_clock_has_stepped_back_goes_with_that_clock()
    {
        View(1, Outcome.Displayed, Now);
        View(2, Outcome.Missed, Now - (30 * Minute));
        Assert.Equal(1, Counts(Now - (25 * Minute))[2]);
        Assert.Equal(0, Counts(Now - (19 * Minute))[2]);
    }

    [Fact]
    public void The_first_miss_of_a_subject_busier_than_a_byte_holds_is_counted()
    {
        for (var view = 0; view < 700; view++)
            View(1, Outcome.Displayed, Now);
        Assert.Equal(0b1011u, Present);
        View(2, Outcome.Missed, Now);
        Assert.Equal([1, 701, 1, 701], Counts(Now));
        for (var view = 0; view < 300; view++)
            View(2, Outcome.Missed, Now + 1);
        Assert.Equal([1, 1001, 301, 1001], Counts(Now + 1));
    }

    [Fact]
    public void A_window_that_holds_nothing_any_more_loses_its_place_when_the_block_grows()
    {
        View(1, Outcome.Missed, Now);
        for (var record = 2UL; record <= 5; record++)
            View(record, Outcome.Displayed, Now + (20 * Minute));
        Assert.Equal(0b1111u, Present);
        View(6, Outcome.Displayed, Now + (20 * Minute));
        Assert.Equal(0b1011u, Present);
        Assert.Equal([5, 5, 0, 6], Counts(Now + (20 * Minute)));
        View(7, Outcome.Missed, Now + (20 * Minute));
        Assert.Equal([5, 6, 1, 7], Counts(Now + (20 * Minute)));
    }

    [Fact]
    public void What_is_taken_back_needs_no_window()
    {
        var raw = new WindowSet([Records, new Window(WindowCount.RawViews, Day)]);
        var address = new SubjectKey(SubjectType.Address, 8);
        var view = new SubjectReservation { Subject = address, Windows = raw, Id = 1, At = Now, Charge = 0 };
        table.Read(address, raw, Now);
        table.Settle(view, new Settlement(Outcome.Released), Now);
        Assert.Equal(0u, new SubjectBlock(table.ShardOf(address).Find(address)!).Head.Windows);
        Assert.Equal(0, table.Read(address, raw, Now)!.Counts[1].Settled.Total);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    public void After_a_reload_windows_of_the_same_label_go_on_whichever_of_them_were_there(int views)
    {
        var after = new WindowSet([new Window(WindowCount.Records, Day), Records, Misses, DayViews, Views with { Milliseconds = 5 * Minute }, Views]);
        for (var view = 0; view < views; view++)
            View(1, Outcome.Displayed, Now);
        Assert.Equal([0, 1, 0, views, 0, views], Counts(Now, after));
        Assert.Equal(0b10_1010u, Present);
        View(2, Outcome.Missed, Now, after);
        View(3, Outcome.Displayed, Now, after);
        Assert.Equal([1, 2, 1, views + 2, 2, views + 2], Counts(Now, after));
        Assert.Equal([2, views + 2, 1, views + 2], Counts(Now));
    }

    private void View(ulong record, Outcome outcome, long at, WindowSet? windows = null)
    {
        var view = new SubjectReservation
        {
            Subject = Subject,
            Windows = windows ?? All,
            Id = ++lastId,
            At = at,
            Charge = (windows ?? All).All,
            Records = [record],
        };
        table.Reserve(view, new SubjectCounts());
        table.Settle(view, new Settlement(outcome), at);
    }

    private int[] Counts(long now, WindowSet? windows = null) =>
        [.. table.Read(Subject, windows ?? All, now)!.Counts.Select(window => window.Settled.Total)];
}
