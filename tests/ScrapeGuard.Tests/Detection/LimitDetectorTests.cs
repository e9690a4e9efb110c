using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using ScrapeGuard.Tests.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Detection;

public class LimitDetectorTests
{
    private const long Now = 1_700_000_000_000;
    private static readonly LimitSet Limits = new(WithoutSignals.Options());
    private static readonly StepUpOptions WithPage = new() { Path = "/confirm" };

    [Theory]
    [InlineData(SubjectType.Address, 50, Verdict.Allow, null)]
    [InlineData(SubjectType.Address, 51, Verdict.Block, "address-10min")]
    [InlineData(SubjectType.Account, 60, Verdict.Allow, null)]
    [InlineData(SubjectType.Account, 61, Verdict.StepUp, "account-10min")]
    [InlineData(SubjectType.Session, 61, Verdict.StepUp, "session-10min")]
    public void A_subject_past_its_limit_gets_the_verdict_of_that_limit(SubjectType type, int records, Verdict verdict, string? cause)
    {
        var finding = LimitDetector.Judge(Limits, WithPage, type, ReadingOf(type, records));
        Assert.Equal((verdict, cause), (finding.Verdict, finding.Limit?.Name));
    }

    [Fact]
    public void A_step_up_without_a_page_blocks() =>
        Assert.Equal(Verdict.Block, LimitDetector.Judge(Limits, new StepUpOptions(), SubjectType.Account, ReadingOf(SubjectType.Account, 61)).Verdict);

    [Fact]
    public void A_block_ends_no_earlier_than_its_limit_readmits()
    {
        var finding = LimitDetector.Judge(Limits, WithPage, SubjectType.Address, ReadingOf(SubjectType.Address, 51));
        Assert.InRange(finding.ReadmitsAt, Now + 600_000, Now + 660_000);
    }

    [Theory]
    [InlineData(0, 50)]
    [InlineData(1, 50)]
    [InlineData(2, 128)]
    [InlineData(25, 266)]
    public void Colleagues_in_good_standing_raise_the_limit_of_their_address(int goodAccounts, int max) =>
        Assert.Equal(max, Limits.LimitsOf(SubjectType.Address).Single(limit => limit.Name == "address-10min").MaxAt(goodAccounts));

    [Fact]
    public void An_account_is_charged_to_its_address_only_for_the_limits_it_is_warned_of()
    {
        var address = Limits.WindowsOf(SubjectType.Address);
        var charge = Standing.AddressCharge(Limits, 0, isAnonymous: false, Standing.Warned(Limits, CountsOf(ReadingOf(SubjectType.Account, 30))));
        var charged = Enumerable.Range(0, address.Count).Where(index => (charge & (1u << index)) != 0)
            .Select(index => address[index]).Where(window => window.Count is WindowCount.Records).ToArray();
        Assert.Equal([new Window(WindowCount.Records, 600_000)], charged);
        Assert.Equal(address.All, Standing.AddressCharge(Limits, 0, isAnonymous: true, 0));
        Assert.False(Standing.IsWarned(Limits, ReadingOf(SubjectType.Account, 29), null));
    }

    private static SubjectCounts CountsOf(SubjectReading reading)
    {
        var counts = new SubjectCounts();
        for (var index = 0; index < reading.Windows.Count; index++)
            counts.Settled[index] = reading.Counts[index].Settled.Total;
        return counts;
    }

    private static SubjectReading ReadingOf(SubjectType type, int records)
    {
        var windows = Limits.WindowsOf(type);
        var state = new ReferenceState(windows);
        for (var record = 1UL; record <= (ulong)records; record++)
        {
            state.Reserve(new SubjectReservation
            {
                Subject = default,
                Windows = windows,
                Id = record,
                At = Now,
                Charge = windows.All,
                Records = [record],
                Views = 0,
            });
            state.Settle(
                new SubjectReservation { Subject = default, Windows = windows, Id = record, At = Now, Charge = windows.All, Records = [record], Views = 0 },
                new Settlement(Outcome.Displayed), Now);
        }

        return state.Read(Now, windows);
    }
}
