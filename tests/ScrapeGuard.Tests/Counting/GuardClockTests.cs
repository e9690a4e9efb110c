using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class GuardClockTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));

    [Fact]
    public void A_step_of_the_wall_clock_moves_it_not()
    {
        var wall = new WallClock();
        var clock = new GuardClock(wall);
        var before = clock.Now;
        wall.Ahead = TimeSpan.FromHours(-1);
        Assert.InRange(clock.Now - before, 0, 60_000);
    }

    [Fact]
    public void The_tick_of_the_system_is_as_late_as_its_time_stamps()
    {
        var clock = new GuardClock(TimeProvider.System);
        var stamps = new GuardClock(new WallClock());
        var ahead = clock.Uncorrected - stamps.Uncorrected;
        while (stamps.Uncorrected - stamps.Start.ToUnixTimeMilliseconds() < 100)
            Assert.InRange(clock.Uncorrected - stamps.Uncorrected - ahead, -60, 60);
        for (var (last, reading) = (0L, 0); reading < 100_000; reading++)
        {
            var now = clock.Uncorrected;
            Assert.InRange(now, last, clock.ExactUncorrected);
            last = now;
        }

        Assert.InRange(clock.Uncorrected - clock.Start.ToUnixTimeMilliseconds(), 40, 2000);
    }

    [Fact]
    public void The_first_offset_and_a_large_one_are_taken_at_once_and_a_small_one_is_approached()
    {
        var clock = new GuardClock(time);
        clock.Approach(-1500);
        Assert.Equal(-1500, clock.Offset);
        clock.Approach(-500);
        Assert.Equal(-1500, clock.Offset);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(-1000, clock.Offset);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(-500, clock.Offset);
        clock.Approach(3_600_000);
        Assert.Equal(3_600_000, clock.Offset);
    }

    [Fact]
    public void Small_corrections_never_turn_it_back_and_it_runs_no_more_than_a_twentieth_off()
    {
        var step = Gen.Select(Gen.Int[1, 6000], Gen.Int[-1000, 1000]);
        step.Array[1, 50].Sample(steps =>
        {
            var own = new FakeTimeProvider();
            var clock = new GuardClock(own);
            clock.Approach(0);
            foreach (var (wait, offset) in steps)
            {
                clock.Approach(offset);
                var before = clock.Now;
                own.Advance(TimeSpan.FromMilliseconds(wait));
                Assert.InRange(clock.Now - before, wait - (wait / 20), wait + (wait / 20));
                Assert.InRange(clock.Offset, -1000, 1000);
            }
        });
    }

    [Fact]
    public void Whatever_step_of_a_second_no_window_goes_negative_or_forgets_early_or_remembers_much_longer()
    {
        const long Length = 60_000;
        const long SubWindow = Length / SlidingWindow.SubWindows;
        var step = Gen.Select(Gen.Int[0, 8000], Gen.Int[-1000, 1000], Gen.Bool);
        step.Array[1, 80].Sample(steps =>
        {
            var own = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
            var clock = new GuardClock(own);
            clock.Approach(0);
            var window = new SlidingWindow();
            var narrow = new byte[WindowSlots.BytesOf(isWide: false)];
            var wide = new byte[WindowSlots.BytesOf(isWide: true)];
            var log = new List<long>();
            foreach (var (wait, offset, isAtOnce) in steps)
            {
                own.Advance(TimeSpan.FromMilliseconds(wait));
                if (isAtOnce)
                    clock.Correct(offset);
                else
                    clock.Approach(offset);
                var index = clock.Now / SubWindow;
                window.Advance(index);
                new WindowSlots(ref narrow[0], isWide: false).Advance(index, isGone: false);
                new WindowSlots(ref wide[0], isWide: true).Advance(index, isGone: false);
                window.Add(index, 1);
                new WindowSlots(ref narrow[0], isWide: false).Add(index, 1);
                new WindowSlots(ref wide[0], isWide: true).Add(index, 1);
                log.Add(clock.Uncorrected);

                // By a clock that is a second off then and a second off now the other way.
                var now = clock.Uncorrected;
                Assert.InRange(window.Total, log.Count(at => at > now - Length + 2000), log.Count(at => at > now - Length - SubWindow - 2000));
                Assert.Equal(window.Total, new WindowSlots(ref narrow[0], isWide: false).Total);
                Assert.Equal(window.Total, new WindowSlots(ref wide[0], isWide: true).Total);
            }
        });
    }
}
