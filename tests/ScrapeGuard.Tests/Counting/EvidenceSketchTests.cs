using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class EvidenceSketchTests
{
    private const long Now = 1_700_000_000_000;
    private const long Hour = 3_600_000;

    [Fact]
    public void An_account_is_remembered_to_have_been_shown_hardly_less_than_it_was_and_never_more() => Gen.Int[1, 20_000].Sample(records =>
    {
        var recalled = Recall(SubjectType.Account, records);
        Assert.InRange(recalled, Math.Min(2016, records - (records / 32)), records);
        if (records < 128 || records == 480)
            Assert.Equal(records, recalled);
    });

    [Fact]
    public void An_address_is_remembered_to_have_been_shown_less_than_a_limit_of_a_day() => Assert.InRange(Recall(SubjectType.Address, 1000), 250, 255);

    [Fact]
    public void What_is_remembered_is_over_after_a_day_and_is_no_other_subjects()
    {
        var sketch = new EvidenceSketch(4);
        sketch.Remember(Key(SubjectType.Session, 1), 480, Now);
        Assert.Equal(480, sketch.Recall(Key(SubjectType.Session, 1), Now + (23 * Hour)));
        Assert.Equal(0, sketch.Recall(Key(SubjectType.Session, 1), Now + (24 * Hour)));
        Assert.Equal(0, sketch.Recall(Key(SubjectType.Account, 1), Now));
        sketch.Remember(Key(SubjectType.Session, 2), 470, Now);
        Assert.Equal(480, sketch.Recall(Key(SubjectType.Session, 1), Now));
        sketch.Remember(Key(SubjectType.Session, 2), 500, Now);
        Assert.Equal(0, sketch.Recall(Key(SubjectType.Session, 1), Now));
    }

    private static int Recall(SubjectType type, int records)
    {
        var sketch = new EvidenceSketch(1 << 16);
        sketch.Remember(Key(type, 5), records, Now);
        return sketch.Recall(Key(type, 5), Now);
    }

    private static SubjectKey Key(SubjectType type, ulong subject) => new(type, new UInt128(subject * 0x9E37_79B9_7F4A_7C15UL, subject));
}
