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
        Assert.True(watch.Continues(At(1000 + first + 39), 99, 99, Start + 100));
        Assert.Equal(found, watch.Swept);
        Assert.False(watch.Continues(At(1_000_000), 99, 99, Start + 100));
        Assert.False(watch.Continues(At(1000 + first + 45), 99, 99, Start + 100));
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
    public void A_sweep_is_forgotten_after_an_hour_in_which_nobody_goes_on_with_it()
    {
        var watch = new SweepWatch();
        for (var step = 0; step < 64; step++)
            Try(watch, step, (ulong)step, Start + step);
        foreach (var (later, continues) in new[] { (3_500_000, true), (7_300_000, false) })
        {
            watch.Note(At(6), 98, isDisplayed: true, Start + later);
            Assert.Equal(continues, watch.Continues(At(7), 99, 99, Start + later));
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
            Assert.False(watch.Continues(made, (ulong)number, (ulong)number, Start + (number * 30_000)));
            watch.Note(made, (ulong)number, isDisplayed: true, Start + (number * 30_000));
        }

        Assert.Equal(0, watch.Swept);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Few_addresses_are_no_sweep(int addresses, bool isSwept)
    {
        var watch = new SweepWatch();
        for (var step = 0; step < 200; step++)
            Try(watch, 3200 + step, (ulong)(step % addresses), Start + step);
        Assert.Equal(isSwept, watch.Swept > 0);
    }

    [Fact]
    public void Whoever_reads_some_numbers_twice_sweeps_all_the_same()
    {
        var watch = new SweepWatch();
        for (var step = 0; step < 400; step++)
        {
            Try(watch, 3200 + step, (ulong)(step % 50), Start + (2 * step));
            if (step % 2 == 0)
                Try(watch, 3200 + step, (ulong)((step + 7) % 50), Start + (2 * step) + 1);
        }

        Assert.True(watch.Swept > 5);
    }

    [Fact]
    public void One_record_of_a_range_is_part_enough()
    {
        var watch = new SweepWatch();
        for (var step = 0; step < 128; step++)
            Try(watch, 3200 + step, (ulong)(step % 50), Start + step);
        Assert.True(watch.Continues(At(3300), 99, 99, Start + 200));
        Assert.False(watch.Continues(At(3301), 99, 99, Start + 201));
        watch.TakeBack(At(3300), 99);
        Assert.True(watch.Continues(At(3301), 99, 99, Start + 201));
        Assert.True(watch.Continues(At(3264), 99, 99, Start + 201));
        Assert.True(watch.Continues(At(3301), 98, 98, Start + 201));
        Try(watch, 3302, 7, Start + 3_700_000);
        Try(watch, 3304, 8, Start + 3_700_000);
        Assert.Equal(0, watch.Swept);
    }

    [Fact]
    public void What_another_node_tells_of_is_part_enough_as_well()
    {
        var (watch, other) = (new SweepWatch(), new SweepWatch());
        other.Noted += noted => watch.Hear(noted, noted.At);
        for (var step = 0; step < 128; step++)
            other.Note(At(3200 + step), (ulong)(step % 50), isDisplayed: true, Start + step, subject: step == 100 ? 99u : 0);
        Assert.False(watch.Continues(At(3301), 99, 99, Start + 201));
        Assert.True(watch.Continues(At(3301), 98, 98, Start + 201));
    }

    [Fact]
    public void People_at_work_do_not_keep_a_range_swept_that_was_read_in_sequence_once()
    {
        var watch = new SweepWatch();
        for (var step = 0; step < 128; step++)
            Try(watch, 3200 + step, (ulong)(step % 50), Start + step);
        Assert.True(watch.Swept > 0);
        var random = new Random(5);
        for (var minute = 1; minute < 240; minute++)
            Try(watch, 3200 + random.Next(128), (ulong)(100 + random.Next(20)), Start + (minute * 60_000));
        Assert.Equal(0, watch.Swept);
    }

    [Fact]
    public void A_sequence_far_above_all_that_was_shown_is_no_new_record()
    {
        var watch = new SweepWatch();
        for (var number = 0L; number < 5000; number++)
            watch.Note(At(number) with { Number = number, Kind = 7 }, (ulong)(number % 50), isDisplayed: true, Start + (number * 100));
        Assert.True(watch.Swept > 50);
    }

    /// <summary>Asks for a number and is shown it; whether that continued a sweep.</summary>
    private static bool Try(SweepWatch watch, long number, ulong who, long now)
    {
        var continues = watch.Continues(At(number), who, who, now);
        watch.Note(At(number), who, isDisplayed: true, now);
        return continues;
    }

    private static TriedNumber At(long number)
    {
        var range = number / SweepWatch.Width;
        return new TriedNumber(Name(range), range == 0 ? 0 : Name(range - 1), Name(range + 1), (int)(number % SweepWatch.Width));
    }

    private static ulong Name(long range) => (ulong)(range + 1) * 0xD6E8_FEB8_6659_FD93;
}
