using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

public class PaceSignalTests
{
    private static void OnlyPace(ScrapeGuardOptions options)
    {
        WithoutSignals.Apply(options);
        options.Signals.Pace.Verdict = SignalVerdict.Block;
    }

    [Theory]
    [InlineData(0.2, true, 10, 12)] // five a second, one number after the other
    [InlineData(0.2, false, 20, 24)] // five a second, from a list
    [InlineData(20, true, 18, 21)] // three a minute, one number after the other
    [InlineData(20, false, 155, 175)] // three a minute, from a list
    public void An_account_that_reads_faster_than_a_person_is_asked_to_step_up(double gap, bool isSequential, int least, int most)
    {
        using var signals = new SignalsUnderTest(OnlyPace);
        var (shown, end) = signals.Take(2000, TimeSpan.FromSeconds(gap), isSequential ? SignalsUnderTest.Sequential : SignalsUnderTest.Listed, "pharmacist");
        Assert.InRange(shown, least, most);
        Assert.Equal((Verdict.StepUp, "Pace", SubjectType.Account), (end!.Verdict, end.Cause, end.Subject));
    }

    [Theory]
    [InlineData(125, 400)] // one in two minutes, all day
    [InlineData(30, 40)] // a busy hour
    public void Somebody_at_work_is_left_alone(double gap, int records)
    {
        using var signals = new SignalsUnderTest();
        Assert.Null(signals.Take(records, TimeSpan.FromSeconds(gap), SignalsUnderTest.Listed, "pharmacist").End);
    }

    [Fact]
    public void A_burst_of_tabs_is_left_alone()
    {
        using var signals = new SignalsUnderTest();
        for (var round = 0; round < 6; round++)
        {
            var first = round * 8;
            Assert.Null(signals.Take(8, TimeSpan.FromSeconds(0.5), index => SignalsUnderTest.Listed(first + index), "pharmacist").End);
            signals.Wait(TimeSpan.FromMinutes(8));
        }
    }

    [Fact]
    public void Opening_the_same_files_again_adds_nothing()
    {
        using var signals = new SignalsUnderTest();
        Assert.Null(signals.Take(3000, TimeSpan.FromSeconds(0.1), index => SignalsUnderTest.Listed(index % 10), "pharmacist").End);
    }

    [Fact]
    public void Guessing_is_stopped_after_a_handful_of_misses()
    {
        using var signals = new SignalsUnderTest();
        var (tried, end) = signals.Take(100, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, "pharmacist", outcome: Outcome.Missed);
        Assert.InRange(tried, 6, 8);
        Assert.Equal("Pace", end!.Cause);
    }

    [Fact]
    public void A_completed_step_up_grants_its_allowance_and_no_more_than_the_second_threshold()
    {
        using var signals = new SignalsUnderTest();
        signals.Take(100, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, "pharmacist");
        Assert.True(signals.CompleteStepUp("pharmacist"));
        var (shown, end) = signals.Take(100, TimeSpan.FromSeconds(0.2), index => SignalsUnderTest.Listed(500 + index), "pharmacist");
        Assert.InRange(shown, 7, 10);
        Assert.Equal((Verdict.Block, "Pace"), (end!.Verdict, end.Cause));
    }

    [Fact]
    public void Whoever_goes_on_without_the_step_up_is_shown_no_more_until_the_score_has_fallen_to_half()
    {
        using var signals = new SignalsUnderTest();
        signals.Take(100, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, "pharmacist");
        var shown = 0;
        for (var view = 0; view < 600; view++)
        {
            // Ten minutes at one a second.
            signals.Wait(TimeSpan.FromSeconds(1));
            var assessment = signals.View(SignalsUnderTest.Listed(1000 + view), "pharmacist");
            shown += assessment.IsRefused ? 0 : 1;
        }

        Assert.InRange(shown, 1, 30);
        Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Listed(3), "pharmacist").Verdict);
    }

    [Fact]
    public void A_completed_step_up_is_asked_for_no_more_and_neither_is_one_after_a_while()
    {
        using var signals = new SignalsUnderTest();
        signals.Take(100, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, "pharmacist");
        Assert.True(signals.CompleteStepUp("pharmacist"));
        Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Listed(500), "pharmacist").Verdict);
        signals.Take(100, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, "another");
        Assert.Equal(Verdict.StepUp, signals.View(SignalsUnderTest.Listed(500), "another").Verdict);
        signals.Wait(TimeSpan.FromMinutes(8));
        Assert.Equal(Verdict.Allow, signals.View(SignalsUnderTest.Listed(500), "another").Verdict);
    }

    [Fact]
    public void Without_a_page_that_confirms_a_person_only_the_second_threshold_holds()
    {
        using var signals = new SignalsUnderTest(options => options.StepUp.Path = null);
        var (shown, end) = signals.Take(100, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, "pharmacist");
        Assert.InRange(shown, 28, 32);
        Assert.Equal(Verdict.Block, end!.Verdict);
    }

    [Theory]
    [InlineData(500, 640)] // The signal asked first, and ends the day.
    [InlineData(400, 460)] // Three step-ups of twenty past a limit that is stricter than the signal.
    public void A_day_of_completed_step_ups_ends_where_the_signal_ends_it_or_a_stricter_limit(int max, int least)
    {
        using var signals = new SignalsUnderTest(options => options.Limits["account-day"] = new LimitOptions
        {
            Per = SubjectType.Account,
            Count = CountOf.Records,
            Window = TimeSpan.FromDays(1),
            Max = max,
            Verdict = Verdict.StepUp,
        });
        var shown = 0;
        ScrapeGuardAssessment last;
        do
        {
            signals.Wait(TimeSpan.FromSeconds(125));
            last = signals.View(SignalsUnderTest.Listed(shown), "pharmacist");
            shown += last.IsRefused ? 0 : 1;
            if (last.Verdict == Verdict.StepUp)
                Assert.True(signals.CompleteStepUp("pharmacist"));
        }
        while (last.Verdict != Verdict.Block);
        Assert.Equal(least, shown);
    }

    [Theory]
    [InlineData(2, 10, 11)]
    [InlineData(0.5, 42, 50)]
    public void Sensitivity_divides_every_threshold(double sensitivity, int least, int most)
    {
        using var signals = new SignalsUnderTest(options =>
        {
            OnlyPace(options);
            options.Signals.Pace.Sensitivity = sensitivity;
        });
        Assert.InRange(signals.Take(200, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, "pharmacist").Shown, least, most);
    }

    [Theory]
    [InlineData(SignalVerdict.Off, 200, null)]
    [InlineData(SignalVerdict.Allow, 200, null)]
    [InlineData(SignalVerdict.StepUp, 22, Verdict.StepUp)]
    [InlineData(SignalVerdict.Block, 22, Verdict.StepUp)]
    public void The_verdict_caps_what_the_signal_does(SignalVerdict most, int shown, Verdict? verdict)
    {
        using var signals = new SignalsUnderTest(options =>
        {
            OnlyPace(options);
            options.Signals.Pace.Verdict = most;
        });
        var (taken, end) = signals.Take(200, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, "pharmacist");
        Assert.Equal(verdict, end?.Verdict);
        Assert.InRange(taken, shown - 1, shown);
    }

    [Theory]
    [InlineData("1700000000000")]
    [InlineData("999999999999999999")]
    [InlineData("18446744073709551616")]
    [InlineData("0")]
    [InlineData("ANNE-MARIE")]
    [InlineData("é")]
    public void Ids_of_any_kind_are_judged(string id)
    {
        using var signals = new SignalsUnderTest();
        Assert.Equal(Verdict.Allow, signals.View(id, "pharmacist").Verdict);
        var (shown, end) = signals.Take(100, TimeSpan.FromSeconds(0.2), index => $"{id}-{index}", "pharmacist");
        Assert.InRange(shown, 19, 22);
        Assert.Equal("Pace", end!.Cause);
    }

    [Fact]
    public void Ids_of_ten_thousand_characters_and_numbers_of_thirteen_digits_are_judged_by_what_they_are()
    {
        using var signals = new SignalsUnderTest();
        Assert.InRange(signals.Take(100, TimeSpan.FromSeconds(0.2), index => new string('9', 10_000) + index, "long").Shown, 20, 22);
        Assert.InRange(signals.Take(100, TimeSpan.FromSeconds(0.2), index => $"{1_700_000_000_000 + index}", "thirteen").Shown, 10, 12);
    }

    [Fact]
    public void A_session_without_an_account_is_judged_too()
    {
        using var signals = new SignalsUnderTest(OnlyPace);
        var (shown, end) = signals.Take(100, TimeSpan.FromSeconds(0.2), SignalsUnderTest.Listed, session: "abc");
        Assert.InRange(shown, 26, 28);
        Assert.Equal((Verdict.StepUp, SubjectType.Session), (end!.Verdict, end.Subject));
    }
}
