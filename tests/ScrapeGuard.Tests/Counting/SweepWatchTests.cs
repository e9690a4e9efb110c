using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class SweepWatchTests
{
    private const long Start = 1_700_000_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(31)]
    public void Linked_numbers_are_a_sweep_wherever_they_begin(int first)
    {
        var watch = new SweepWatch();
        var found = 0;
        watch.Found += () => found++;
        var notes = Enumerable.Range(0, 40).Select(step => Try(watch, 1000 + first + step, (ulong)step, Start + step)).ToArray();
        Assert.InRange(Array.IndexOf(notes, true), 20, 37);
        Assert.True(watch.Continues(At(1000 + first + 39), 99, Start + 100));
        Assert.Equal(found, watch.Swept);
        Assert.False(watch.Continues(At(1_000_000), 99, Start + 100));
        Assert.False(watch.Continues(At(1000 + first + 45), 99, Start + 100));
    }

    [Fact]
    public void A_sequence_dealt_out_in_any_order_within_minutes_is_a_sweep_too()
    {
        var watch = new SweepWatch();
        var numbers = Enumerable.Range(3200, 128).ToArray();
        new Random(7).Shuffle(numbers);
        for (var step = 0; step < numbers.Length; step++)
            Try(watch, numbers[step], (ulong)step, Start + (step * 1000));
        Assert.True(watch.Swept > 0);
    }

    [Fact]
    public void What_one_client_reads_alone_links_nothing()
    {
        var watch = new SweepWatch();
        for (var number = 0; number < 1000; number++)
            Assert.False(Try(watch, number, 1, Start + number));
    }

    [Fact]
    public void A_sweep_is_forgotten_after_a_day()
    {
        var watch = new SweepWatch();
        for (var step = 0; step < 64; step++)
            Try(watch, step, (ulong)step, Start + step);
        foreach (var (later, continues) in new[] { (82_000_000, true), (87_000_000, false) })
        {
            watch.Note(At(6), 98, isDisplayed: true, Start + later);
            Assert.Equal(continues, watch.Continues(At(7), 99, Start + later));
        }

        Assert.Equal(0, watch.Swept);
    }

    [Fact]
    public void Many_people_at_work_on_few_records_shorten_the_moment()
    {
        var watch = new SweepWatch();
        var random = new Random(3);
        for (var view = 0; view < 60_000; view++)
            Try(watch, random.Next(6000), (ulong)random.Next(500), Start + (view * 600L));
        Assert.Equal(0, watch.Swept);
        Assert.InRange(watch.Moment, 2_000, 90_000);
    }

    [Fact]
    public async Task Many_threads_may_note_at_once()
    {
        var watch = new SweepWatch();
        var next = 0;
        await Parallel.ForAsync(0, 4, TestContext.Current.CancellationToken, (_, _) =>
        {
            while (Interlocked.Increment(ref next) is < 80_000 and var number)
                Try(watch, number, (ulong)number, Start + number);
            return ValueTask.CompletedTask;
        });
        Assert.True(watch.Swept > 1000);
    }

    [Fact]
    public void Records_that_are_made_and_opened_one_after_the_other_are_no_sweep()
    {
        var watch = new SweepWatch();
        for (var number = 0L; number < 5000; number++)
        {
            // Each opened by whoever made it, every half minute another.
            var made = At(number) with { Number = number, Kind = 7 };
            Assert.False(watch.Continues(made, (ulong)number, Start + (number * 30_000)));
            watch.Note(made, (ulong)number, isDisplayed: true, Start + (number * 30_000));
        }

        Assert.Equal(0, watch.Swept);
    }

    /// <summary>Asks for a number and is shown it; whether that continued a sweep.</summary>
    private static bool Try(SweepWatch watch, long number, ulong who, long now)
    {
        var continues = watch.Continues(At(number), who, now);
        watch.Note(At(number), who, isDisplayed: true, now);
        return continues;
    }

    private static TriedNumber At(long number)
    {
        var range = number / SweepWatch.Width;
        return new TriedNumber(Name(range), range == 0 ? 0 : Name(range - 1), Name(range + 1), (int)(number % SweepWatch.Width));
    }

    private static ulong Name(long range) => (ulong)(range + 1) * 0x9E37_79B9_7F4A_7C15;
}
