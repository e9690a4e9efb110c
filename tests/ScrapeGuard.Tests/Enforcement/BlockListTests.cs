using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using Xunit;

namespace ScrapeGuard.Tests.Enforcement;

/// <summary>How long a node holds a block that it or another made, whatever the clocks say.</summary>
public class BlockListTests
{
    private const long Hour = 3_600_000;
    private const long TrueTime = 1_700_000_000_000;

    private static readonly SubjectKey Subject = new(SubjectType.Address, 7);

    [Theory]
    [InlineData(1000)]
    [InlineData(-1000)]
    [InlineData(Hour)]
    [InlineData(-Hour)]
    public void A_block_lasts_for_what_was_left_of_it_however_the_clock_is_corrected_meanwhile(long correction)
    {
        var node = new Node(0);
        node.Blocks.Apply(Make(node.Clock.Now, 10_000));
        node.Time.Advance(TimeSpan.FromSeconds(4));
        node.Clock.Correct(correction);
        Assert.Equal(6000, node.Blocks.Find(Subject)!.Until - node.Clock.Now);
        Assert.Equal(10_000, node.Blocks.Find(Subject)!.Until - node.Blocks.Find(Subject)!.Since);
        node.Time.Advance(TimeSpan.FromMilliseconds(5999));
        Assert.Single(node.Blocks.Active());
        node.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(node.Blocks.Find(Subject));
        Assert.Empty(node.Blocks.Active());
    }

    [Fact]
    public void A_block_that_is_yet_to_come_by_this_clock_lasts_no_longer_than_its_length()
    {
        var node = new Node(0);
        node.Blocks.ApplyFromElsewhere(Make(node.Clock.Now + Hour, 10_000));
        node.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(node.Blocks.Find(Subject));
    }

    [Fact]
    public void The_grace_of_a_lifted_block_lasts_as_long_however_the_clock_is_corrected()
    {
        var node = new Node(0);
        var now = node.Clock.Now;
        node.Blocks.Apply(Make(now, Hour) with { IsLifted = true, GraceUntil = now + 10_000, Version = 2 });
        node.Clock.Correct(-Hour);
        node.Time.Advance(TimeSpan.FromMilliseconds(9999));
        Assert.True(node.Blocks.IsInGrace(Subject));
        node.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(node.Blocks.IsInGrace(Subject));
    }

    [Fact]
    public void Nodes_whose_clocks_are_a_second_off_and_step_hold_a_block_for_its_length_or_a_second_less_or_more()
    {
        const int Length = 20_000;
        var off = Gen.Int[-500, 500];
        Gen.Select(off.Array[4], Gen.Int[0, 25_000], off.Array[0, 8]).Sample((first, heard, steps) =>
        {
            Node[] nodes = [.. first.Select(offset => new Node(offset))];
            var made = Make(nodes[0].Clock.Now, Length);
            nodes[0].Blocks.Apply(made);
            for (var at = 0; at <= Length + 6000; at += 100)
            {
                foreach (var node in nodes)
                {
                    if (at <= heard && at + 100 > heard && node != nodes[0])
                        node.Blocks.ApplyFromElsewhere(nodes[0].Blocks.Last(Subject)!);
                    var isKnown = node == nodes[0] || at + 100 > heard;
                    var isHeld = node.Blocks.Find(Subject) is not null;
                    Assert.True(at > Length - 1100 || isHeld == isKnown, $"ended after {at}, heard at {heard}");
                    Assert.True(at < Length + 1100 || !isHeld, $"held after {at}, heard at {heard}");
                    node.Time.Advance(TimeSpan.FromMilliseconds(100));
                }

                if (steps.Length > 0 && at % 3000 == 0)
                    nodes[at / 3000 % nodes.Length].StepTo(steps[at / 3000 % steps.Length]);
            }
        }, iter: 300);
    }

    private static Block Make(long now, long length) => new()
    {
        Id = "a",
        Subject = Subject.Type,
        Hash = Block.HashOf(Subject),
        Value = "203.0.113.7",
        Cause = "address-10min",
        Reach = BlockReach.Everyone,
        Mode = ScrapeGuardMode.Enforce,
        Since = now,
        Until = now + length,
        Version = 1,
    };

    /// <summary>A node whose clock is off by some milliseconds, as measured and as it stands.</summary>
    private sealed class Node
    {
        public Node(int off)
        {
            Time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(TrueTime));
            Clock = new GuardClock(Time);
            Clock.Approach(off);
            Blocks = new BlockList(Clock);
        }

        public FakeTimeProvider Time { get; }

        public GuardClock Clock { get; }

        public BlockList Blocks { get; }

        /// <summary>The offset is measured to be another, and taken at once.</summary>
        public void StepTo(int off) => Clock.Correct(off);
    }
}
