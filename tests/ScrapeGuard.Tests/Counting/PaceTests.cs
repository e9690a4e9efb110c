using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>Scores that are read from slots against the same CUSUM over the exact times.</summary>
public class PaceTests
{
    private const long Start = 1_700_000_000_000L;

    private static readonly Pace[] Paces = [Pace.Fast, Pace.Medium, Pace.Slow];

    [Fact]
    public void A_score_is_that_of_the_exact_times_in_the_window_to_half_of_what_leaks_in_a_sub_window() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 40], Gen.Double[0.02, 3].Array[1, 120], Gen.Int[1, 3].Array[120]).Sample((which, accounts, gaps, weights) =>
        {
            var pace = Paces[which];
            var leak = pace.LeakAt(accounts);
            var window = new Window(WindowCount.Pace, pace.Milliseconds);
            var slots = new SlidingWindow();
            var events = new List<(long At, int Weight)>();
            var now = Start;
            for (var index = 0; index < gaps.Length; index++)
            {
                now += (long)(gaps[index] / leak);
                events.Add((now, weights[index]));
                slots.Advance(window.IndexAt(now));
                slots.Add(window.IndexAt(now), weights[index]);
                var counts = new ushort[SlidingWindow.Slots];
                slots.CopyTo(counts);
                var first = (window.IndexAt(now) - SlidingWindow.SubWindows) * window.SubWindow;
                var exact = Exact(events.Where(one => one.At >= first), now, leak);
                var half = (leak * window.SubWindow / 2) + 1e-6;
                Assert.InRange(Pace.Score(counts, window.SubWindow, now % window.SubWindow, leak), exact - half, exact + half);
            }
        }, iter: 2_000);

    [Fact]
    public void A_score_is_never_more_than_the_sum() => Gen.Int[0, 300].Array[SlidingWindow.Slots].Sample(counts =>
    {
        var slots = counts.Select(count => (ushort)count).ToArray();
        Assert.InRange(Pace.Score(slots, 10_000, 5_000, Pace.Fast.LeakAt(0)), 0, counts.Sum());
    });

    [Theory]
    [InlineData(0, 1 / 20.0)]
    [InlineData(10, 0.15)]
    [InlineData(300, 3.05)]
    public void Colleagues_make_the_medium_score_of_their_address_forgive_more(int accounts, double recordsPerSecond) =>
        Assert.Equal(recordsPerSecond, Pace.Medium.LeakAt(accounts) * 1000, 6);

    private static double Exact(IEnumerable<(long At, int Weight)> events, long now, double leak)
    {
        var (score, last) = (0.0, 0L);
        foreach (var (at, weight) in events)
        {
            score = Math.Max(0, score - ((at - last) * leak)) + weight;
            last = at;
        }

        return Math.Max(0, score - ((now - last) * leak));
    }
}
