using CsCheck;
using ScrapeGuard.Detection.Signals;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

/// <summary>The sketch against exact counts.</summary>
public class SpaceSavingTests
{
    [Fact]
    public void Every_count_is_right_to_a_sixty_fourth_of_all_and_nothing_frequent_is_missing() =>
        Gen.Select(Gen.Int[1, 400], Gen.Double[0, 4], Gen.Select(Gen.Double[0, 1], Gen.Int[1, 20]).Array[0, 3000]).Sample((distinct, skew, stream) =>
        {
            var sketch = new SpaceSaving();
            var exact = new Dictionary<ulong, int>();
            foreach (var (draw, occurrences) in stream)
            {
                var item = (ulong)(distinct * Math.Pow(draw, 1 + skew));
                sketch.Add(item, occurrences);
                exact[item] = exact.GetValueOrDefault(item) + occurrences;
            }

            var total = exact.Values.Sum();
            Assert.Equal(total, sketch.Total);
            Assert.Equal(Math.Min(exact.Count, SpaceSaving.Size), sketch.Used);
            var counted = Enumerable.Range(0, sketch.Used).ToDictionary(sketch.ItemAt);
            foreach (var (item, count) in exact)
            {
                if (!counted.TryGetValue(item, out var place))
                {
                    Assert.InRange(count, 0, total / SpaceSaving.Size);
                    continue;
                }

                Assert.InRange(sketch.AtMost(place), count, count + (total / SpaceSaving.Size));
                Assert.InRange(sketch.AtLeast(place), Math.Max(1, count - (total / SpaceSaving.Size)), count);
            }
        }, iter: 500);

    [Fact]
    public void A_cleared_sketch_knows_nothing_of_before()
    {
        var sketch = new SpaceSaving();
        for (var item = 0UL; item < 1000; item++)
            sketch.Add(item, 9);
        sketch.Clear();
        Assert.Equal((0, 0), (sketch.Used, sketch.Total));
        var place = sketch.Add(7, 2);
        Assert.Equal((1, 2, 2), (sketch.Used, sketch.AtLeast(place), sketch.AtMost(place)));
    }
}
