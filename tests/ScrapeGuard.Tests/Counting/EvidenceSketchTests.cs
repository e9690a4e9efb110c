using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class EvidenceSketchTests
{
    private const long Now = 1_700_000_000_000;
    private const long Hour = 3_600_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(200, 200)]
    [InlineData(480, 255)] // What adds up over evictions is never near a limit of a day.
    public void So_many_records_are_remembered_for_a_day(int records, int remembered)
    {
        var sketch = new EvidenceSketch(1 << 16);
        sketch.Remember(Key(5), records, Now);
        Assert.Equal(remembered, sketch.Recall(Key(5), Now + (23 * Hour)));
        Assert.Equal(0, sketch.Recall(Key(5), Now + (24 * Hour)));
        Assert.Equal(0, sketch.Recall(Key(6), Now));
    }

    [Fact]
    public void Who_was_shown_more_keeps_the_place()
    {
        var sketch = new EvidenceSketch(4);
        sketch.Remember(Key(1), 40, Now);
        sketch.Remember(Key(2), 30, Now);
        Assert.Equal(40, sketch.Recall(Key(1), Now));
        sketch.Remember(Key(2), 50, Now);
        Assert.Equal((0, 50), (sketch.Recall(Key(1), Now), sketch.Recall(Key(2), Now)));
    }

    private static SubjectKey Key(ulong subject) => new(SubjectType.Session, new UInt128(subject * 0x9E37_79B9_7F4A_7C15UL, subject));
}
