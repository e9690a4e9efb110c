using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>Views that wait for the other nodes, many of one client at once.</summary>
public class AwaitedViewsTests
{
    private const int Few = 3;
    private const int Many = 6;

    private readonly LimitSet limits;
    private readonly Gate gate = new();
    private readonly ViewCounter counter;
    private ulong lastRecord;

    public AwaitedViewsTests()
    {
        var options = new ScrapeGuardOptions();
        WithoutSignals.Apply(options);
        options.Limits.Clear();
        options.Limits["few"] = Limit(Few, Verdict.StepUp);
        options.Limits["many"] = Limit(Many, Verdict.Block);
        limits = new LimitSet(options);
        counter = new ViewCounter(new SubjectTable(64 << 20, isShared: true), new GuardClock(TimeProvider.System), gate);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Views_that_are_refused_do_not_count_against_each_other_while_they_wait(bool isAwaited)
    {
        gate.IsAwaited = isAwaited;
        var views = Enumerable.Range(0, 5 * Many).Select(_ => new CountedView()).ToArray();

        // As in a portal: without the test's own queue, so that what is refused is settled before the next goes on.
        await Task.Run(
            () =>
            {
                var counting = views.Select(CountAsync).ToArray();
                gate.Open();
                return Task.WhenAll(counting);
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(
            [.. Enumerable.Repeat(Verdict.Allow, Few), .. Enumerable.Repeat(Verdict.StepUp, views.Length - Few)], views.Select(view => view.Finding.Verdict));
    }

    private async Task CountAsync(CountedView view)
    {
        view.Begin("member", 1);
        view.Records[0] = [++lastRecord];
        await counter.CountAsync(limits, new StepUpOptions { Path = "/confirm" }, view, new Client(), TimeSpan.FromSeconds(10));
        if (!view.IsAllowed)
            counter.Settle(view, new Settlement(Outcome.Released));
    }

    private static LimitOptions Limit(int max, Verdict verdict) =>
        new() { Per = SubjectType.Account, Count = CountOf.Records, Window = TimeSpan.FromMinutes(10), Max = max, Verdict = verdict };

    /// <summary>Other nodes that answer all who wait at once.</summary>
    private sealed class Gate : ISharedSubjects
    {
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsAwaited { get; set; }

        public void Open() => open.SetResult();

        public void Hurry()
        {
        }

        public ValueTask ExchangeAsync(CountedView view, TimeSpan patience) => new(open.Task);

        public ValueTask<bool> ExchangeAsync(IReadOnlyList<SubjectKey> subjects, TimeSpan patience) => new(true);
    }

    private sealed class Client : IViewedBy
    {
        private readonly ViewSubjects subjects = new(new SubjectKey(SubjectType.Account, 7), null, null) { IsSignedIn = true };
        private readonly AddressInClear none;

        public int Keys => 1;

        public ref readonly AddressInClear Address => ref none;

        public ref readonly ViewSubjects this[int key] => ref subjects;

        public ulong Record(int key, string kind, ReadOnlySpan<char> id) => 0;
    }
}
