using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection.Signals;

/// <summary>
/// An account or a session opens novel records faster than a person works, at one of three scales, or more of them in a day than a person's work needs.
/// <para>
/// Each scale is a one-sided CUSUM (Page 1954), a sequential probability ratio test (Wald 1945) between the rate of somebody at work and that of a bot, begun
/// anew whenever it speaks for the former: a novel record counts 1, and 1 more where its number lies beside one just shown; a miss counts 3, as guessing is
/// hardly anybody's work (Jung, Paxson, Berger and Balakrishnan, Fast portscan detection using sequential hypothesis testing, 2004). A test on each scale is
/// better than one on their sum: the sum missed readers of a list that one scale stops. Nothing but time lowers a score.
/// </para>
/// <para>The count of a day is the only bound for a patient reader of a stolen list, who looks like somebody at work in everything else.
/// </para>
/// </summary>
internal sealed class PaceSignal : ISignal
{
    public string Name => "Pace";

    public SignalVerdict MostOf(SignalsOptions options) => options.Pace.Verdict;

    public IEnumerable<SignalTest> Tests(SignalsOptions options)
    {
        if (options.Pace.Verdict == SignalVerdict.Off)
            return [];
        SignalTest[] tests =
        [
            new("fast", SubjectType.Account, WindowOf(Pace.Fast), 21, 29, WarnedAt: 6),
            new("medium", SubjectType.Account, WindowOf(Pace.Medium), 27, 72, WarnedAt: 9),
            new("slow", SubjectType.Account, WindowOf(Pace.Slow), 140, 420, WarnedAt: 45),
            new("run", SubjectType.Account, new Window(WindowCount.Neighbours, Pace.Run.Milliseconds), 17, 36),
            new("day", SubjectType.Account, new Window(WindowCount.Records, SubjectState.NoveltyMilliseconds), 480, 640),
            new("medium", SubjectType.Session, WindowOf(Pace.Medium), 27, 72),
        ];
        return tests.Select(test => test.At(options.Pace.Sensitivity));
    }

    public static Window WindowOf(Pace pace, WindowCharge charge = WindowCharge.Strangers) => new(WindowCount.Pace, pace.Milliseconds, Charge: charge);
}
