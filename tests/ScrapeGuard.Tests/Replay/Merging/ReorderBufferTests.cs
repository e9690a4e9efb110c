using CsCheck;
using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Merging;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Merging;

public class ReorderBufferTests
{
    [Fact]
    public void The_earliest_of_those_held_back_comes_first_and_equal_ones_in_their_order()
    {
        Gen.Select(Gen.Int[1, 20], Gen.Long[0, 30].Array[0, 200]).Sample((capacity, times) =>
        {
            var buffer = new ReorderBuffer(capacity);
            var held = new List<(long At, int Status)>();
            for (var number = 0; number < times.Length; number++)
            {
                if (buffer.IsFull)
                    Take(buffer, held);
                buffer.Add(new LoggedView { At = times[number], Account = $"{number}" });
                held.Add((times[number], number));
            }

            while (held.Count > 0)
                Take(buffer, held);
            Assert.Equal(0, buffer.Count);
        });
    }

    private static void Take(ReorderBuffer buffer, List<(long At, int Number)> held)
    {
        var earliest = held.Min();
        held.Remove(earliest);
        Assert.Equal(earliest.At, buffer.Earliest);
        var view = buffer.Take();
        Assert.Equal((earliest.At, $"{earliest.Number}"), (view.At, view.Account!));
    }
}
