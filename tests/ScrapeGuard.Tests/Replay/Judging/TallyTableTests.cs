using System.Text;
using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Pages;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Judging;

public class TallyTableTests
{
    private static readonly ScrapeGuardAssessment Allowed = new(Verdict.Allow, ScrapeGuardMode.Enforce);
    private static readonly ScrapeGuardAssessment Blocked = new(Verdict.Block, ScrapeGuardMode.Enforce, "address-10min", SubjectType.Address);

    [Fact]
    public void An_address_keeps_its_name_and_a_prefix_of_several_is_named_by_itself()
    {
        var tallies = new TallyTable(10);
        var first = tallies.Of(Client("2001:db8::1"), 64);

        Assert.Equal("2001:db8::1", first.Name);
        Assert.Same(first, tallies.Of(Client("2001:db8::2"), 64));
        Assert.Equal("2001:db8::/64", first.Name);
        Assert.NotSame(first, tallies.Of(Client("2001:db8:0:1::1"), 64));
    }

    [Fact]
    public void One_address_in_two_spellings_is_one()
    {
        var tallies = new TallyTable(10);

        Assert.Same(tallies.Of(Client("203.0.113.7:50000"), 64), tallies.Of(Client("::ffff:203.0.113.7"), 64));
        Assert.Equal("203.0.113.7", tallies.Addresses.Single().Name);
    }

    [Fact]
    public void A_name_in_place_of_an_address_is_an_address_of_its_own()
    {
        var tallies = new TallyTable(10);

        Assert.NotSame(tallies.Of(Client("pc7.clinic.example"), 64), tallies.Of(Client("pc8.clinic.example"), 64));
        Assert.Equal("pc7.clinic.example", tallies.Of(Client("pc7.clinic.example"), 64).Name);
        Assert.Equal("-", tallies.Of(Client("-"), 64).Name);
    }

    [Fact]
    public void When_there_are_too_many_those_with_the_fewest_views_go_and_those_with_a_verdict_stay()
    {
        var tallies = new TallyTable(10);
        for (var number = 0; number < 10; number++)
            View(tallies, $"203.0.113.{number}", number + 1, number == 0 ? Blocked : Allowed);
        View(tallies, "198.51.100.1", 1, Allowed);

        Assert.Equal(
            ["198.51.100.1", "203.0.113.0", "203.0.113.6", "203.0.113.7", "203.0.113.8", "203.0.113.9"],
            tallies.Addresses.Select(tally => tally.Name).Order(StringComparer.Ordinal));
        Assert.Equal((5, 0, 6), (tallies.Forgotten, tallies.ForgottenAccused, tallies.ForgottenViews));
    }

    [Fact]
    public void Addresses_are_counted_once_also_when_they_were_given_up_and_come_again()
    {
        var tallies = new TallyTable(10);
        for (var round = 0; round < 2; round++)
        {
            for (var number = 0; number < 100; number++)
                View(tallies, $"203.0.113.{number}", 1, Allowed);
        }

        Assert.Equal((100, false), (tallies.AddressCount, tallies.IsAddressCountCut));
    }

    [Fact]
    public void A_client_that_comes_again_after_it_was_given_up_begins_anew()
    {
        var tallies = new TallyTable(2);
        var client = Client("203.0.113.1");
        var before = tallies.Of(client, 64);
        View(tallies, "203.0.113.2", 5, Allowed);
        View(tallies, "203.0.113.3", 5, Allowed);

        Assert.True(before.IsForgotten);
        Assert.NotSame(before, tallies.Of(client, 64));
    }

    private static void View(TallyTable tallies, string client, int times, ScrapeGuardAssessment assessment)
    {
        for (var view = 0; view < times; view++)
            tallies.Of(Client(client), 64).Count(ViewOf(Client(client)), assessment, isAccused: assessment.Verdict != Verdict.Allow);
    }

    private static LoggedView ViewOf(LoggedClient client) =>
        new(0, client, null, null, new RequestedPage("page", "/", 1), null, IsHead: false, Outcome.Displayed);

    private static LoggedClient Client(string text) => new(Encoding.UTF8.GetBytes(text));
}
