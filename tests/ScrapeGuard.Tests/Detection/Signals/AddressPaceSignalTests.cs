using System.Globalization;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

public class AddressPaceSignalTests
{
    [Theory]
    [InlineData(0.2, true, 14, 16)]
    [InlineData(0.2, false, 28, 32)]
    [InlineData(0.02, false, 28, 30)]
    [InlineData(10, true, 18, 21)]
    public void An_address_without_accounts_is_blocked_for_its_pace(double gap, bool isSequential, int least, int most)
    {
        using var signals = new SignalsUnderTest();
        var (shown, end) = signals.Take(2000, TimeSpan.FromSeconds(gap), isSequential ? SignalsUnderTest.Sequential : SignalsUnderTest.Listed);
        Assert.InRange(shown, least, most);
        Assert.Equal((Verdict.Block, "AddressPace", SubjectType.Address), (end!.Verdict, end.Cause, end.Subject));
    }

    [Fact]
    public void Three_hundred_people_at_work_behind_one_address_are_left_alone_and_the_one_who_scrapes_there_is_not()
    {
        using var signals = new SignalsUnderTest();
        var random = new Random(5);
        var record = 0;
        for (var view = 0; view < 10_000; view++)
        {
            // Each opens a record in five minutes: one a second.
            signals.Wait(TimeSpan.FromSeconds(1));
            var account = random.Next(300).ToString(CultureInfo.InvariantCulture);
            Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Listed(record++), account).Verdict);
        }

        var (shown, end) = signals.Take(100, TimeSpan.FromSeconds(0.2), index => SignalsUnderTest.Listed(record + index), "bot");
        Assert.InRange(shown, 20, 23);
        Assert.Equal((Verdict.StepUp, "Pace", SubjectType.Account), (end!.Verdict, end.Cause, end.Subject));
        Assert.Equal(Verdict.Allow, signals.View("1", "7").Verdict);
    }

    [Fact]
    public void Anonymous_views_and_those_of_warned_accounts_are_charged_apart()
    {
        using var signals = new SignalsUnderTest();
        Assert.Null(signals.Take(25, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed).End);
        Assert.Null(signals.Take(20, TimeSpan.FromSeconds(0.2), index => SignalsUnderTest.Listed(100 + index), "pharmacist").End);
    }
}
