using BenchmarkDotNet.Attributes;

namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>
/// What a decision costs by itself, from what the cache holds to what it does not. With two threads: the time of both over what both decided.
/// </summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private const int Operations = 16_384;

    private IDecision decision = null!;
    private Crew crew = null!;

    /// <summary>How many clients come, in random order.</summary>
    [Params(1, 1_000, 20_000, 1_000_000)]
    public int Clients { get; set; }

    /// <summary>How many decide at once.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>The measure.</summary>
    [GlobalSetup(Target = nameof(ThreeLookUps))]
    public void SetUpLookUps() => SetUp(new ThreeLookUps(Clients));

    /// <summary>The framework's.</summary>
    [GlobalSetup(Target = nameof(FrameworkSlidingWindow))]
    public void SetUpFramework() => SetUp(new FrameworkLimiter(Clients));

    /// <summary>ScrapeGuard's.</summary>
    [GlobalSetup(Target = nameof(ScrapeGuardDecision))]
    public void SetUpDecision() => SetUp(new GuardDecision(Clients, isSettled: false));

    /// <summary>ScrapeGuard's, and what follows it.</summary>
    [GlobalSetup(Target = nameof(ScrapeGuardView))]
    public void SetUpView() => SetUp(new GuardDecision(Clients, isSettled: true));

    /// <summary>Lets the next case have the memory.</summary>
    [GlobalCleanup]
    public void CleanUp() => decision.Dispose();

    /// <summary>Finding address, session and account, and no more.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void ThreeLookUps() => Decide();

    /// <summary>The framework's limiter of one address.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void FrameworkSlidingWindow() => Decide();

    /// <summary>ScrapeGuard's decision about address, session and account, with the reading of the clock.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void ScrapeGuardDecision() => Decide();

    /// <summary>The decision and, as after each response, the counting of the outcome.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public void ScrapeGuardView() => Decide();

    private void SetUp(IDecision chosen)
    {
        decision = chosen;
        crew = new Crew(Threads, Clients);
    }

    private void Decide() => crew.Run(Operations, (client, view) =>
    {
        if (!decision.Decide(client, view))
            throw new InvalidOperationException($"View {view} of client {client} was refused, so this measures something else.");
    });
}
