using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

public class SweepSignalTests
{
    [Fact]
    public void Five_hundred_accounts_that_deal_a_sequence_out_among_them_are_stopped()
    {
        using var signals = new SignalsUnderTest();
        var (shown, refused) = (0, new HashSet<string>());
        for (var number = 0; refused.Count < 500 && number < 20_000; number++)
        {
            var account = $"account {number % 500}";
            if (refused.Contains(account))
                continue;
            signals.Wait(TimeSpan.FromSeconds(0.12));
            var assessment = signals.View(SignalsUnderTest.Sequential(number), account, $"10.1.{number % 500 / 250}.{number % 250}");
            if (!assessment.IsRefused)
                shown++;
            else
                Assert.Equal((Verdict.StepUp, "Sweep"), (assessment.Verdict, assessment.Cause));
            if (assessment.IsRefused)
                refused.Add(account);
        }

        Assert.Equal(500, refused.Count);
        Assert.InRange(shown, 500, 600);
    }

    [Fact]
    public void Addresses_without_accounts_that_do_so_are_blocked()
    {
        using var signals = new SignalsUnderTest();
        var shown = 0;
        for (var number = 0; number < 5000; number++)
        {
            signals.Wait(TimeSpan.FromSeconds(0.2));
            shown += signals.View(SignalsUnderTest.Sequential(number), address: $"10.1.{number % 400 / 200}.{number % 200}").IsRefused ? 0 : 1;
        }

        Assert.InRange(shown, 1500, 2100);
    }

    [Fact]
    public void Families_that_people_open_are_no_sweep()
    {
        using var signals = new SignalsUnderTest();
        var random = new Random(11);
        for (var family = 0; family < 3000; family++)
        {
            // All of them among two thousand numbers, three a minute, each by one person.
            var (first, account) = (random.Next(2000), $"account {random.Next(200)}");
            for (var member = 0; member < random.Next(2, 6); member++)
            {
                signals.Wait(TimeSpan.FromSeconds(4));
                var assessment = signals.View(SignalsUnderTest.Sequential(first + member), account);
                Assert.NotEqual("Sweep", assessment.Cause);
            }
        }
    }

    [Fact]
    public void A_family_looked_up_where_numbers_are_swept_is_asked_for_and_not_blocked()
    {
        using var signals = new SignalsUnderTest();
        for (var number = 0; number < 64; number++)
            signals.View(SignalsUnderTest.Sequential(number), $"account {number}", $"10.1.1.{number}");
        Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Sequential(20), "pharmacist").Verdict);
        Assert.Equal(Verdict.StepUp, signals.View(SignalsUnderTest.Sequential(21), "pharmacist").Verdict);
        Assert.True(signals.CompleteStepUp("pharmacist"));
        for (var number = 21; number < 25; number++)
            Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Sequential(number), "pharmacist").Verdict);
        Assert.Equal(Verdict.Allow, signals.View("4711", "pharmacist").Verdict);
    }
}
