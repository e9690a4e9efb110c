using ScrapeGuard.Counting;
using ScrapeGuard.Detection.Signals;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

public class CanarySignalTests
{
    [Theory]
    [InlineData("42", "42", RecordIdentity.Canonical, true)]
    [InlineData("+0042", "42", RecordIdentity.Canonical, true)]
    [InlineData("42", "+0042", RecordIdentity.Text, false)]
    [InlineData("0042", "42", RecordIdentity.Text, false)]
    [InlineData("0042", "0042", RecordIdentity.Text, true)]
    [InlineData("{0F8FAD5B-D9CB-469F-A165-70867728950E}", "0f8fad5b-d9cb-469f-a165-70867728950e", RecordIdentity.Canonical, true)]
    [InlineData("anne", "Anne", RecordIdentity.Canonical, false)]
    public void Ids_compare_as_records_do(string configured, string asked, RecordIdentity identity, bool isCanary)
    {
        var signal = CanarySignal.Of(new CanaryOptions { Records = { ["member"] = [configured] } })!;
        Assert.Equal(isCanary, signal.Holds("member", asked, identity));
        Assert.False(signal.Holds("bill", asked, identity));
    }

    [Fact]
    public void Nothing_is_looked_for_where_no_record_is_named_or_the_signal_is_off()
    {
        Assert.Null(CanarySignal.Of(new CanaryOptions()));
        Assert.Null(CanarySignal.Of(new CanaryOptions { Records = { ["member"] = [] } }));
        Assert.Null(CanarySignal.Of(new CanaryOptions { Verdict = SignalVerdict.Off, Records = { ["member"] = ["42"] } }));
    }

    [Theory]
    [InlineData("pharmacist", "abc", SubjectType.Account)]
    [InlineData(null, "abc", SubjectType.Session)]
    [InlineData(null, null, SubjectType.Address)]
    public void One_view_blocks_the_narrowest_subject(string? account, string? session, SubjectType subject)
    {
        using var signals = Watching();
        Assert.Equal(Verdict.Allow, signals.View("41", account, session: session).Verdict);
        var assessment = signals.View("42", account, session: session, outcome: Outcome.Missed);
        Assert.Equal((Verdict.Block, "Canary", subject, 1, 0), (assessment.Verdict, assessment.Cause, assessment.Subject, assessment.Count, assessment.Max));
        Assert.Equal(Verdict.Block, signals.View("43", account, session: session).Verdict);
    }

    [Fact]
    public void A_scraper_that_counts_up_is_stopped_at_the_first_canary_and_somebody_at_work_never_meets_one()
    {
        using var signals = Watching(options => WithoutSignals.Apply(options), "1010", "1050");
        var (shown, end) = signals.Take(100, TimeSpan.FromMinutes(10), SignalsUnderTest.Sequential, "scraper");
        Assert.Equal((10, "Canary"), (shown, end!.Cause));
        Assert.Null(signals.Take(300, TimeSpan.FromMinutes(2), SignalsUnderTest.Listed, "pharmacist").End);
    }

    [Fact]
    public void A_completed_step_up_makes_up_for_no_canary()
    {
        using var signals = Watching();
        signals.Take(100, TimeSpan.FromSeconds(0.2), index => SignalsUnderTest.Listed(100 + index), "pharmacist");
        Assert.True(signals.CompleteStepUp("pharmacist"));
        Assert.Equal(Verdict.Allow, signals.View("1", "pharmacist").Verdict);
        var assessment = signals.View("42", "pharmacist");
        Assert.Equal((Verdict.Block, "Canary"), (assessment.Verdict, assessment.Cause));
    }

    [Theory]
    [InlineData(SignalVerdict.Off, "pharmacist", Verdict.Allow)]
    [InlineData(SignalVerdict.Allow, "pharmacist", Verdict.Allow)]
    [InlineData(SignalVerdict.StepUp, "pharmacist", Verdict.StepUp)]
    [InlineData(SignalVerdict.StepUp, null, Verdict.Block)]
    [InlineData(SignalVerdict.Block, "pharmacist", Verdict.Block)]
    public void The_verdict_caps_what_one_view_does(SignalVerdict most, string? account, Verdict verdict)
    {
        using var signals = Watching(options => options.Signals.Canary.Verdict = most);
        Assert.Equal(verdict, signals.View("42", account, outcome: Outcome.Missed).Verdict);
    }

    [Fact]
    public void Without_a_page_that_confirms_a_person_a_step_up_is_a_block()
    {
        using var signals = Watching(options => (options.Signals.Canary.Verdict, options.StepUp.Path) = (SignalVerdict.StepUp, null));
        Assert.Equal(Verdict.Block, signals.View("42", "pharmacist").Verdict);
    }

    private static SignalsUnderTest Watching(Action<ScrapeGuardOptions>? configure = null, params string[] canaries) => new(options =>
    {
        options.Signals.Canary.Records["member"] = canaries is [] ? ["42"] : canaries;
        configure?.Invoke(options);
    });
}
