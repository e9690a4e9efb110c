using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class RedisCircuitTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeLogger logger = new();

    [Fact]
    public void It_opens_at_the_third_failure_in_a_row_and_says_so_once()
    {
        var circuit = Closed();
        circuit.Fail("one");
        circuit.Fail("two");
        circuit.Succeed();
        circuit.Fail("one");
        circuit.Fail("two");
        Assert.True(circuit.IsClosed);
        Assert.True(circuit.Fail("three"));
        Assert.False(circuit.Fail("late"));
        Assert.Equal((false, "away", 1), (circuit.IsClosed, circuit.State, logger.Collector.Count));
        Assert.Contains("(three)", logger.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redis_that_is_not_there_at_the_start_is_away_at_the_first_failure()
    {
        var circuit = new RedisCircuit(time, logger);
        Assert.Equal("connecting", circuit.State);
        circuit.Fail("nobody there");
        circuit.Fail("nobody there");
        Assert.Equal(("away", 1), (circuit.State, logger.Collector.Count));
        time.Advance(TimeSpan.FromSeconds(7));
        circuit.Close();
        Assert.Contains("after 7.0 s", logger.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_opens_again_soon_stays_open_for_longer_each_time_and_one_that_held_starts_anew()
    {
        var circuit = Closed();
        var pauses = new List<double>();
        for (var flap = 0; flap < 9; flap++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Open(circuit);
            pauses.Add(circuit.Pause.TotalSeconds);
            time.Advance(circuit.Pause);
            circuit.Close();
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 30], pauses);
        time.Advance(TimeSpan.FromMinutes(1));
        Open(circuit);
        circuit.Close();
        Assert.Equal(RedisCircuit.ShortestPause, circuit.Pause);
    }

    private RedisCircuit Closed()
    {
        var circuit = new RedisCircuit(time, logger);
        circuit.Close();
        return circuit;
    }

    private static void Open(RedisCircuit circuit)
    {
        for (var failure = 0; failure < RedisCircuit.MostFailures; failure++)
            circuit.Fail("no");
    }
}
