using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

public class SweepSignalTests
{
    [Fact]
    public void Five_hundred_accounts_that_deal_a_sequence_out_among_them_are_stopped()
    {
        using var signals = ASiteAtWork();
        var (shown, refused) = (0, new HashSet<string>());
        for (var view = 0; refused.Count < 500 && view < 20_000; view++)
        {
            // What one is refused the next one tries.
            var account = $"account {view % 500}";
            if (refused.Contains(account))
                continue;
            signals.Wait(TimeSpan.FromSeconds(0.12));
            var assessment = signals.View(SignalsUnderTest.Sequential(shown), account, $"10.1.{view % 500 / 250}.{view % 250}");
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
        using var signals = ASiteAtWork();
        var shown = 0;
        for (var view = 0; view < 5000; view++)
        {
            signals.Wait(TimeSpan.FromSeconds(0.2));
            shown += signals.View(SignalsUnderTest.Sequential(shown), address: $"10.1.{view % 400 / 200}.{view % 200}").IsRefused ? 0 : 1;
        }

        Assert.InRange(shown, 1500, 2400);
    }

    [Fact]
    public void Families_that_people_open_are_no_sweep()
    {
        using var signals = ASiteAtWork();
        var random = new Random(11);
        for (var family = 0; family < 3000; family++)
        {
            // All of them among two thousand numbers, three a minute, each by one person.
            var (first, account) = (random.Next(2000), $"account {random.Next(200)}");
            for (var member = 0; member < random.Next(2, 6); member++)
            {
                signals.Wait(TimeSpan.FromSeconds(4));
                var assessment = signals.View(SignalsUnderTest.Sequential(first + member), account, $"10.2.0.{account["account ".Length..]}");
                Assert.NotEqual("Sweep", assessment.Cause);
            }
        }
    }

    [Fact]
    public void Whoever_works_in_a_range_that_others_read_in_sequence_is_left_alone()
    {
        using var signals = ASiteAtWork();
        for (var number = 0; number < 64; number++)
            signals.View(SignalsUnderTest.Sequential(number), $"account {number}", $"10.1.1.{number}");

        // Two of them keep reading beside whatever the pharmacist opens.
        for (var number = 0; number < 12; number++)
        {
            signals.Wait(TimeSpan.FromSeconds(80));
            signals.View(SignalsUnderTest.Sequential(25 + number), "account 1", "10.1.1.1");
            Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Sequential(24 + number), "pharmacist").Verdict);
        }

        // An hour later nobody is reading there, and to look something up is nobody's sweep.
        signals.Wait(TimeSpan.FromHours(1));
        for (var number = 30; number < 40; number++)
            Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Sequential(number), $"colleague {number}", "10.9.9.9").Verdict);
    }

    [Fact]
    public void What_nobody_was_shown_sweeps_nothing()
    {
        using var signals = ASiteAtWork();
        for (var number = 0; number < 200; number++)
            signals.View(SignalsUnderTest.Sequential(number), null, $"10.1.1.{number % 2}", outcome: Outcome.Released);
        for (var number = 50; number < 60; number++)
            Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Sequential(number), $"account {number}", "10.2.2.2").Verdict);
    }

    /// <summary>A site on which higher numbers than any of a test's have been shown before: those are records that exist.</summary>
    private static SignalsUnderTest ASiteAtWork()
    {
        var signals = new SignalsUnderTest();
        signals.View("1000000", "somebody", "10.3.3.3");
        signals.Wait(TimeSpan.FromHours(1));
        signals.View("999", "somebody", "10.3.3.3");
        return signals;
    }
}
