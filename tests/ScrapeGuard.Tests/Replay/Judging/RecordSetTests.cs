using CsCheck;
using ScrapeGuard.Tool.Replay.Judging;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Judging;

public class RecordSetTests
{
    [Fact]
    public void What_was_shown_once_was_not_kept()
    {
        Gen.Select(Gen.ULong[0, 40].Select(id => id * 0x9e37_79b9_7f4a_7c15), Gen.Bool, Gen.Bool).Array[0, 200].Sample(events =>
        {
            var set = new RecordSet(new RecordBudget(1000));
            foreach (var (record, shown, refused) in events)
                set.Add(record, shown, refused);
            var shownOnes = events.Where(view => view.Item2).Select(view => view.Item1).ToHashSet();
            var kept = events.Where(view => view.Item3).Select(view => view.Item1).Distinct().Count(record => !shownOnes.Contains(record));
            Assert.Equal(
                (events.Select(view => view.Item1).Distinct().Count(), shownOnes.Count, kept, false), (set.Count, set.Shown, set.Kept, set.IsCut));
        });
    }

    [Fact]
    public void Past_the_budget_of_all_it_counts_the_least_that_is_true_and_gives_back_what_it_took()
    {
        var budget = new RecordBudget(10);
        var (first, second) = (new RecordSet(budget), new RecordSet(budget));
        for (var record = 1UL; record <= 20; record++)
            first.Add(record << 32, shown: true, refused: false);
        second.Add(1UL << 32, shown: true, refused: false);

        Assert.Equal((10, true, 0, true), (first.Count, first.IsCut, second.Count, second.IsCut));
        first.Clear();
        second.Add(1UL << 32, shown: true, refused: false);
        Assert.Equal(1, second.Count);
    }

    [Fact]
    public void It_holds_no_more_than_its_bound()
    {
        var set = new RecordSet(new RecordBudget(1_000_000));
        for (var record = 1UL; record <= 100_000; record++)
            set.Add(record * 0x9e37_79b9_7f4a_7c15, shown: true, refused: false);

        Assert.Equal((65_536, true), (set.Count, set.IsCut));
    }
}
