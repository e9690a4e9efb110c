using System.Globalization;
using System.Net;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Tests.Detection.Signals;

/// <summary>Views by the clock of a test, judged by the default signals and by no limit.</summary>
internal sealed class SignalsUnderTest : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    private readonly OfflineGuard guard;
    private DateTimeOffset now = Start;

    public SignalsUnderTest(Action<ScrapeGuardOptions>? configure = null)
    {
        guard = new OfflineGuard(
            options =>
            {
                options.Limits.Clear();
                options.StepUp.Path = "/confirm";
                configure?.Invoke(options);
            },
            Start);
        Wait(TimeSpan.FromDays(1));
    }

    public void Wait(TimeSpan time) => guard.MoveTo(now += time);

    public ScrapeGuardAssessment View(
        string record, string? account = null, string address = "203.0.113.7", string? session = null, Outcome outcome = Outcome.Displayed) =>
        guard.View(new OfflineView(IPAddress.Parse(address), account, session, "member", record, outcome)).Assessment;

    public bool CompleteStepUp(string account) => guard.CompleteStepUp(account, null);

    /// <summary>How many records a client is shown that asks for them at even gaps, until one is refused; and why that was.</summary>
    public (int Shown, ScrapeGuardAssessment? End) Take(
        int most, TimeSpan gap, Func<int, string> record, string? account = null, string address = "203.0.113.7", string? session = null, Outcome outcome = Outcome.Displayed)
    {
        for (var shown = 0; shown < most; shown++)
        {
            Wait(gap);
            var assessment = View(record(shown), account, address, session, outcome);
            if (assessment.IsRefused)
                return (shown, assessment);
        }

        return (most, null);
    }

    /// <summary>Numbers one after the other.</summary>
    public static string Sequential(int index) => (1000 + index).ToString(CultureInfo.InvariantCulture);

    /// <summary>Numbers far from each other.</summary>
    public static string Listed(int index) => (1000 + (index * 97)).ToString(CultureInfo.InvariantCulture);

    public void Dispose() => guard.Dispose();
}
