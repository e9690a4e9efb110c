using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Operations;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Operations;

public class OperatorTests
{
    [Theory]
    [InlineData(SubjectType.Address, "10.0.0.0/8", "01:00:00", null)]
    [InlineData(SubjectType.Address, "2001:db8::/32", "01:00:00", null)]
    [InlineData(SubjectType.Address, "127.3.0.2/nonsense", "01:00:00", null)]
    [InlineData(SubjectType.Address, "[::1]:80", "01:00:00", null)]
    [InlineData(SubjectType.Address, "fe80::1%eth0", "01:00:00", null)]
    [InlineData(SubjectType.Address, "10.1", "01:00:00", null)]
    [InlineData(SubjectType.Address, "203.0.113.7", "10", null)]
    [InlineData(SubjectType.Address, "203.0.113.7", "00:00:00", null)]
    [InlineData(SubjectType.Address, "203.0.113.7", "366.00:00:00", null)]
    [InlineData(SubjectType.Address, "203.0.113.7", "01:00:00", (BlockReach)9)]
    [InlineData((SubjectType)7, "203.0.113.7", "01:00:00", null)]
    [InlineData(SubjectType.Account, "pharmacist", "01:00:00", BlockReach.Strangers)]
    [InlineData(SubjectType.Session, "s-0123456789abcdef", "01:00:00", null)]
    public async Task A_block_that_says_no_clear_thing_is_not_made(SubjectType subject, string value, string duration, BlockReach? reach)
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var desk = portal.Services.GetRequiredService<Operator>();
        Assert.NotNull(desk.Block(new BlockRequest(subject, value, duration, null, reach), out var made));
        Assert.Null(made);
        Assert.Empty(desk.Blocks(null, 10).Items);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2::9", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::/64", "2001:db8:1:2::/64")]
    public async Task An_address_blocked_by_hand_is_named_as_it_is_blocked(string value, string blocked)
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var desk = portal.Services.GetRequiredService<Operator>();
        Assert.Null(desk.Block(new BlockRequest(SubjectType.Address, value, "1.00:00:00", "seen in the log", null), out var made));
        Assert.Equal((blocked, BlockReach.Strangers, 24), (made!.Value, made.Reach, (made.Until - made.Since).TotalHours));
    }

    [Fact]
    public async Task Who_is_blocked_without_having_been_seen_here_is_found_by_name_and_by_reference()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        var desk = portal.Services.GetRequiredService<Operator>();
        Assert.Null(desk.Block(new BlockRequest(SubjectType.Account, "pharmacist008", "01:00:00", null, null), out var made));
        Assert.Equal(made!.Id, Assert.Single(desk.Subjects(5, null, "pharmacist008", null).Items).Block!.Id);
        Assert.Equal(made.Id, Assert.Single(desk.Subjects(5, null, null, made.Reference).Items).Block!.Id);
        Assert.Empty(desk.Subjects(5, null, "pharmacist009", null).Items);
    }

    [Fact]
    public async Task An_account_is_blocked_by_the_token_that_the_dashboard_shows()
    {
        await using var portal = await PortalUnderTest.StartAsync();
        await portal.GetAsync("/members/1", user: "pharmacist");
        var desk = portal.Services.GetRequiredService<Operator>();
        var shown = Assert.Single(desk.Subjects(5, null, "pharmacist", null).Items);
        Assert.Null(desk.Block(new BlockRequest(SubjectType.Account, shown.Value, "01:00:00", null, null), out _));
        Assert.NotNull(Assert.Single(desk.Subjects(5, null, "pharmacist", null).Items).Block);
    }
}
