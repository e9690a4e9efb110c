using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection.Signals;

/// <summary>
/// The strangers at an address together open records faster than a person works: the scores of <see cref="PaceSignal"/> for views of nobody who is signed in,
/// and apart from those for views of accounts that are at the warning level of their own pace. Accounts in good standing are their own affair, and never
/// charged; where two or more of them share the address, its scores forgive more and its thresholds are higher by 1.1 times those of an account, so that one
/// bad account never takes its colleagues down. What a single account takes is left to its own scores, which ask for a step-up first.
/// </summary>
internal sealed class AddressPaceSignal : ISignal
{
    public string Name => "AddressPace";

    public SignalVerdict MostOf(SignalsOptions options) => options.AddressPace.Verdict;

    public IEnumerable<SignalTest> Tests(SignalsOptions options)
    {
        if (options.AddressPace.Verdict == SignalVerdict.Off)
            return [];
        SignalTest[] tests =
        [
            new("anonymous medium", SubjectType.Address, PaceSignal.WindowOf(Pace.Medium, WindowCharge.Anonymous), 0, 29, RaisedBy: 1.1 * 28),
            new("anonymous slow", SubjectType.Address, PaceSignal.WindowOf(Pace.Slow, WindowCharge.Anonymous), 0, 50, RaisedBy: 1.1 * 140),
            new("warned medium", SubjectType.Address, PaceSignal.WindowOf(Pace.Medium, WindowCharge.Warned), 0, 29, RaisedBy: 1.1 * 28),
            new("warned slow", SubjectType.Address, PaceSignal.WindowOf(Pace.Slow, WindowCharge.Warned), 0, 130, RaisedBy: 1.1 * 140),
        ];
        return tests.Select(test => test.At(options.AddressPace.Sensitivity));
    }
}
