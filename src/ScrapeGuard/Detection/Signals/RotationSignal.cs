using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection.Signals;

/// <summary>
/// Many accounts that are new to an address take records there faster than so many people work, each of them too few to be noticed: the medium score of
/// <see cref="Pace"/>, fed with what accounts first seen at the address less than a day ago are shown, that forgives a record in 150 seconds for each of them, and a
/// quarter of one once.
/// A practice that moves to another address, or a gateway that begins to serve three hundred people, takes less than that, and is not accused; fifty stolen
/// accounts that take turns are.
/// </summary>
internal sealed class RotationSignal : ISignal
{
    public string Name => "Rotation";

    public SignalVerdict MostOf(SignalsOptions options) => options.Rotation.Verdict;

    public IEnumerable<SignalTest> Tests(SignalsOptions options) => options.Rotation.Verdict == SignalVerdict.Off
        ? []
        : [new SignalTest("medium", SubjectType.Address, PaceSignal.WindowOf(Pace.Medium, WindowCharge.Newcomers), 0, 60).At(options.Rotation.Sensitivity)];
}
