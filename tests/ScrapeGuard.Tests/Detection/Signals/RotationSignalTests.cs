using System.Globalization;
using System.Net;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

public class RotationSignalTests
{
    [Theory]
    [InlineData(0.4)]
    [InlineData(0.04)]
    [InlineData(1)]
    public void Fifty_accounts_that_take_turns_of_five_records_are_stopped(double gap)
    {
        using var signals = new SignalsUnderTest();
        var (shown, end) = Rotate(signals, gap);
        Assert.InRange(shown, 55, 100);
        Assert.Equal((Verdict.Block, "Rotation", SubjectType.Address), (end!.Verdict, end.Cause, end.Subject));
    }

    [Fact]
    public void A_block_for_rotation_refuses_newcomers_and_lets_those_by_who_were_there_before()
    {
        using var signals = new SignalsUnderTest();
        Assert.Equal(Verdict.Allow, signals.View("1", "resident").Verdict);
        signals.Wait(TimeSpan.FromHours(25));
        Assert.Equal("Rotation", Rotate(signals, 0.4).End!.Cause);
        Assert.Equal(Verdict.Block, signals.View("7", "a newcomer").Verdict);
        Assert.Equal(Verdict.Allow, signals.View("8", "resident").Verdict);
        Assert.Equal(Verdict.Allow, signals.View("9", "account 3", "198.51.100.9").Verdict);
    }

    [Fact]
    public void A_practice_that_moves_to_another_address_is_left_alone()
    {
        using var signals = new SignalsUnderTest();
        var random = new Random(3);
        for (var view = 0; view < 600; view++)
        {
            // Sixty people go on at the new address where they left off, each with a record in two and a half minutes.
            signals.Wait(TimeSpan.FromSeconds(2.5));
            Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Listed(view), random.Next(60).ToString(CultureInfo.InvariantCulture)).Verdict);
        }
    }

    [Fact]
    public void A_site_that_has_just_started_accuses_nobody_of_being_new()
    {
        using var guard = new OfflineGuard(options => options.Limits.Clear(), DateTimeOffset.UnixEpoch.AddYears(50));
        var now = guard.Now;
        for (var view = 0; view < 500; view++)
        {
            guard.MoveTo(now += TimeSpan.FromSeconds(0.4));
            var account = (view / 5 % 100).ToString(CultureInfo.InvariantCulture);
            var judged = guard.View(new OfflineView(IPAddress.Loopback, account, null, "member", SignalsUnderTest.Listed(view), Outcome.Displayed));
            Assert.Equal(Verdict.Allow, judged.Assessment.Verdict);
        }
    }

    private static (int Shown, ScrapeGuardAssessment? End) Rotate(SignalsUnderTest signals, double gap)
    {
        for (var shown = 0; shown < 2000; shown++)
        {
            signals.Wait(TimeSpan.FromSeconds(gap));
            var assessment = signals.View(SignalsUnderTest.Listed(shown), $"account {shown / 5 % 50}");
            if (assessment.IsRefused)
                return (shown, assessment);
        }

        return (2000, null);
    }
}
