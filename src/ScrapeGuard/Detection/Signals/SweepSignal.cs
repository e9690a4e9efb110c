using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection.Signals;

/// <summary>
/// Many accounts, or many addresses without accounts, together read one number after the other, each so little that nothing else notices. Which ranges of
/// numbers are being read so is for <see cref="SweepWatch"/> to say; here counts who has part in it: the novel records in such ranges, and those beside them,
/// in a day, one for each range: whoever works in such a range, or looks up a family there, is not asked.
/// </summary>
internal sealed class SweepSignal : ISignal
{
    public string Name => "Sweep";

    public SignalVerdict MostOf(SignalsOptions options) => options.Sweep.Verdict;

    public IEnumerable<SignalTest> Tests(SignalsOptions options)
    {
        if (options.Sweep.Verdict == SignalVerdict.Off)
            return [];
        var window = new Window(WindowCount.Records, SubjectState.NoveltyMilliseconds, Charge: WindowCharge.Swept);
        SignalTest[] tests = [new("day", SubjectType.Account, window, 1, 5), new("day", SubjectType.Address, window, 0, 5)];
        return tests.Select(test => test.At(options.Sweep.Sensitivity));
    }
}
