using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Operations;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Enforcement;

/// <summary>How long a block lasts, and who announces it.</summary>
public class BlockerTests
{
    [Fact]
    public async Task Each_repeat_with_new_records_doubles_the_block_up_to_its_longest()
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Blocks.MaxDuration = TimeSpan.FromHours(3);
            options.Limits["address-day"].Max = 0;
        });
        foreach (var hours in (double[])[1, 2, 3, 3])
        {
            var block = await ScrapeAsync(portal);
            Assert.Equal(hours, (block.Until - block.Since) / 3_600_000.0);
            portal.Time.Advance(TimeSpan.FromMilliseconds(block.Until - block.Since + 1));
        }

        portal.Time.Advance(TimeSpan.FromHours(4));
        var much = await ScrapeAsync(portal);
        Assert.Equal(1, (much.Until - much.Since) / 3_600_000.0);
    }

    [Fact]
    public async Task A_block_ends_no_earlier_than_its_limit_readmits()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["address-day"].Max = 40);
        var block = await ScrapeAsync(portal);
        Assert.Equal("address-day", block.Cause);
        Assert.InRange((block.Until - block.Since) / 3_600_000.0, 22, 26);
    }

    [Fact]
    public async Task What_was_only_observed_makes_no_enforced_block_longer()
    {
        var time = new FakeTimeProvider();
        var clock = new GuardClock(time);
        var blocks = new BlockList(clock);
        var observed = new Block
        {
            Id = "a",
            Subject = SubjectType.Address,
            Hash = Block.HashOf(new SubjectKey(SubjectType.Address, 7)),
            Value = "203.0.113.7",
            Cause = "address-10min",
            Reach = BlockReach.Everyone,
            Mode = ScrapeGuardMode.Observe,
            Since = clock.Now - 1000,
            Until = clock.Now + 3_600_000,
            Version = 1,
            Repeats = 6,
        };
        blocks.Apply(observed);
        await using var portal = await PortalUnderTest.StartAsync();
        portal.Services.GetRequiredService<BlockList>().Apply(observed with
        {
            Hash = Block.HashOf(portal.Services.GetRequiredService<ScrapeGuard.Capture.Pseudonyms>().Subject(SubjectType.Address, PortalUnderTest.Client)),
        });
        var enforced = await ScrapeAsync(portal);
        Assert.Equal((0, ScrapeGuardMode.Enforce), (enforced.Repeats, enforced.Mode));
    }

    [Fact]
    public async Task Views_in_flight_together_make_one_block()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["address-10min"].Max = 3);
        var blocks = portal.Services.GetRequiredService<BlockList>();
        var made = 0;
        blocks.Made += _ => Interlocked.Increment(ref made);
        for (var address = 1; address <= 30; address++)
        {
            await Task.WhenAll(Enumerable.Range(0, 12).Select(view => Task.Run(
                () => portal.GetAsync($"/members/{view + 1}", $"198.51.100.{address}"), TestContext.Current.CancellationToken)));
        }

        Assert.Equal((30, 30), (blocks.Active().Count, made));
    }

    [Fact]
    public async Task An_unblock_outlives_every_older_entry_for_as_long_as_the_block_would_have_held()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var block = await ScrapeAsync(portal);
        await portal.Services.GetRequiredService<Operator>().UnblockAsync(block.Id);
        var blocks = portal.Services.GetRequiredService<BlockList>();
        portal.Time.Advance(TimeSpan.FromMinutes(30));
        blocks.Forget(TimeSpan.FromMinutes(5));
        Assert.False(blocks.ApplyFromElsewhere(block));
        Assert.Empty(blocks.Active());
    }

    [Fact]
    public async Task A_full_list_forgets_what_ends_first_while_others_add_to_it()
    {
        var clock = new GuardClock(new FakeTimeProvider());
        var blocks = new BlockList(clock);
        await Parallel.ForAsync(0, BlockList.Most + 3000, TestContext.Current.CancellationToken, (number, _) =>
        {
            Add(number);
            return ValueTask.CompletedTask;
        });
        Add(BlockList.Most + 3000);
        Assert.InRange(blocks.Active().Count, BlockList.Most * 98 / 100, BlockList.Most);

        void Add(int number)
        {
            blocks.Apply(new Block
            {
                Id = $"{number}",
                Subject = SubjectType.Address,
                Hash = Block.HashOf(new SubjectKey(SubjectType.Address, (UInt128)(ulong)number + 1)),
                Value = "203.0.113.7",
                Cause = "address-10min",
                Reach = BlockReach.Everyone,
                Mode = ScrapeGuardMode.Enforce,
                Since = 0,
                Until = clock.Now + 3_600_000 + number,
                Version = 1,
            });
        }
    }

    private static async Task<Block> ScrapeAsync(PortalUnderTest portal)
    {
        var first = Random.Shared.Next(1, 15_000);
        for (var record = first; record < first + 400; record++)
        {
            if ((await portal.GetAsync($"/members/{record}")).StatusCode == HttpStatusCode.TooManyRequests)
                break;
        }

        return Assert.Single(portal.Services.GetRequiredService<BlockList>().Active());
    }
}
