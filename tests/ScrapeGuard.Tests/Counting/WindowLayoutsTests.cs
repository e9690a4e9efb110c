using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class WindowLayoutsTests
{
    private readonly WindowLayouts layouts = new();

    [Fact]
    public void Equal_sets_have_one_number_and_sets_that_differ_in_anything_have_their_own()
    {
        WindowSet[] different =
        [
            Of(600_000), Of(600_001), new([new Window(WindowCount.Views, 600_000)]), new([new Window(WindowCount.Records, 600_000, Kind: 1)]), new([]),
            new([new Window(WindowCount.Records, 600_000)]) { Calm = [4] }, new([new Window(WindowCount.Records, 600_000)]) { Calm = [5] },
            new([new Window(WindowCount.Records, 600_000)]) { Limited = 0 },
        ];
        var numbers = different.Select(layouts.NumberOf).ToArray();
        Assert.Equal(different.Length, numbers.Distinct().Count());
        Assert.Equal(numbers[0], layouts.NumberOf(Of(600_000)));
        Assert.Equal(different.Length, layouts.Count);
        Assert.Same(different[1], layouts.Of(numbers[1]));
    }

    [Fact]
    public void Settings_that_are_reloaded_as_they_were_take_no_further_number()
    {
        var before = new LimitSet(new ScrapeGuardOptions());
        var after = new LimitSet(new ScrapeGuardOptions());
        foreach (var type in Enum.GetValues<SubjectType>())
            Assert.Equal(before.WindowsOf(type).Id, after.WindowsOf(type).Id);
    }

    [Fact]
    public void Numbers_that_run_out_are_taken_from_the_oldest_sets_and_a_set_that_is_used_again_has_a_late_one()
    {
        var first = Of(1);
        Assert.Equal(1, layouts.NumberOf(first));
        for (var length = 2; length <= 40_000; length++)
            layouts.NumberOf(Of(length));
        Assert.Equal(40_001, layouts.NumberOf(Of(1)));
        for (var length = 40_001; length <= 70_000; length++)
            layouts.NumberOf(Of(length));
        Assert.Equal(ushort.MaxValue, layouts.Count);
        Assert.Equal(40_001, layouts.NumberOf(Of(1)));
        Assert.NotSame(first, layouts.Of(1));
        Assert.Equal(layouts.NumberOf(Of(70_000)), layouts.NumberOf(layouts.Of(layouts.NumberOf(Of(70_000)))));
    }

    private static WindowSet Of(long milliseconds) => new([new Window(WindowCount.Records, milliseconds)]);
}
