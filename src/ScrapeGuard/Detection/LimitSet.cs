using System.Text;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection.Signals;

namespace ScrapeGuard.Detection;

/// <summary>The limits of a configuration, and the windows they need, per type of subject.</summary>
internal sealed class LimitSet
{
    private const long Day = SubjectState.NoveltyMilliseconds;

    private readonly WindowSet[] windows = new WindowSet[3];
    private readonly Limit[][] limits = new Limit[3][];
    private readonly int[][] maxima = new int[3][];
    private readonly uint[] sameForAccounts;

    public LimitSet(ScrapeGuardOptions options)
    {
        var given = options.Limits.Where(limit => limit.Value.Max is > 0).OrderBy(limit => limit.Key, StringComparer.Ordinal).ToArray();
        SignalTest[] TestsOf(ISignal signal) => [.. signal.Tests(options.Signals)];
        var signals = BuiltInSignals.All.Select(signal => (Signal: signal, Tests: TestsOf(signal))).ToArray();
        foreach (var type in Enum.GetValues<SubjectType>())
        {
            var own = given.Where(limit => limit.Value.Per == type).ToArray();
            var tests = signals.SelectMany(signal => signal.Tests).Where(test => test.Per == type).ToArray();
            var limited = own.Select(limit => WindowOf(limit.Value)).Concat(tests.Select(test => test.Window)).Distinct().ToArray();
            Window[] all = [.. limited.Concat(Always(type)).Distinct().OrderByDescending(window => window.CountsRecords)];
            var plain = new WindowSet(all);
            Limit[] compiled =
            [
                .. own.Select(limit => Compile(limit.Key, limit.Value, plain, given)),
                .. signals.SelectMany(signal => signal.Tests.Where(test => test.Per == type).SelectMany(test => Compile(signal.Signal, test, plain, options))),
            ];
            limits[(int)type] = compiled = [.. compiled.Select(limit => limit with { BlockAt = BlockAt(limit, compiled) })];
            maxima[(int)type] = [.. all.Select((_, index) => Strictest(At(compiled, index)))];
            windows[(int)type] = new WindowSet(all)
            {
                Limited = all.Select((window, index) => limited.Contains(window) ? 1u << index : 0).Aggregate(0u, (mask, bit) => mask | bit),
                Calm = [.. all.Select((window, index) => CalmOf(window, Strictest(At(compiled, index))))],
                Levels = [.. all.Select((window, index) => LevelOf(window, compiled.Where(limit => limit.WindowIndex == index)))],
            };
        }

        PaceOfAccounts = limits[(int)SubjectType.Account].Select((limit, index) => limit.IsSignal ? 1u << index : 0).Aggregate(0u, (mask, bit) => mask | bit);
        sameForAccounts = [.. Enumerable.Range(0, WindowsOf(SubjectType.Address).Count).Select(index => SameForAccounts(WindowsOf(SubjectType.Address)[index]))];
    }

    /// <summary>The thresholds of signals among the limits of accounts, a bit each: whoever is past their warning level is warned for scores only.</summary>
    public uint PaceOfAccounts { get; }

    public WindowSet WindowsOf(SubjectType type) => windows[(int)type];

    public Limit[] LimitsOf(SubjectType type) => limits[(int)type];

    public int[] MaximaOf(SubjectType type) => maxima[(int)type];

    /// <summary>The account limits of the same count and window as a window of an address, a bit each; 0 where accounts have none such.</summary>
    public uint SameForAccounts(int addressWindow) => sameForAccounts[addressWindow];

    /// <summary>The name of a kind in the label of a window: FNV-1a (Fowler, Noll, Vo), the same on every node.</summary>
    public static uint KindHash(string? kind)
    {
        if (kind is null)
            return 0;
        var hash = 2166136261;
        if (Ascii.IsValid(kind))
        {
            foreach (var letter in kind)
                hash = (hash ^ letter) * 16777619;
        }
        else
        {
            foreach (var value in Encoding.UTF8.GetBytes(kind))
                hash = (hash ^ value) * 16777619;
        }

        return Math.Max(1, hash);
    }

    private static Window WindowOf(LimitOptions limit) => new(
        (WindowCount)limit.Count!.Value, (long)limit.Window!.Value.TotalMilliseconds, KindHash(limit.Kind), (WindowCharge)limit.Charge);

    /// <summary>What operators are shown of every subject, whatever the limits.</summary>
    private static IEnumerable<Window> Always(SubjectType type)
    {
        yield return new Window(WindowCount.Views, Day);
        yield return new Window(WindowCount.Records, Day);
        if (type != SubjectType.Address)
            yield break;
        yield return new Window(WindowCount.RawViews, Day);
        yield return new Window(WindowCount.RawRecords, Day);
    }

    private static Limit Compile(string name, LimitOptions limit, WindowSet set, KeyValuePair<string, LimitOptions>[] all)
    {
        var window = WindowOf(limit);
        var accountMax = limit.Per != SubjectType.Address ? 0 : all
            .Where(other => other.Value.Per == SubjectType.Account && WindowOf(other.Value) == window)
            .Select(other => other.Value.Max!.Value).DefaultIfEmpty().Min();
        var verdict = limit.Per == SubjectType.Address ? Verdict.Block : limit.Verdict;
        return new Limit(name, limit.Per!.Value, window, set.IndexOf(window), limit.Max!.Value, verdict) { AccountMax = accountMax };
    }

    /// <summary>The thresholds of a statistic. Without a page that confirms a person a signal goes by its second one alone, as for an address.</summary>
    private static IEnumerable<Limit> Compile(ISignal signal, SignalTest test, WindowSet set, ScrapeGuardOptions options)
    {
        var most = signal.MostOf(options.Signals);
        if (test.StepUpAt > 0 && options.StepUp.Path is not null && most != SignalVerdict.Allow)
            yield return Threshold(test.StepUpAt, Verdict.StepUp);
        else if (most == SignalVerdict.StepUp)
            yield return Threshold(test.BlockAt, Verdict.Allow); // It is shown, and warns.
        if (most != SignalVerdict.StepUp)
            yield return Threshold(Math.Max(test.BlockAt, test.StepUpAt > 0 ? Whole(test.StepUpAt) + 1 : 0), most == SignalVerdict.Allow ? Verdict.Allow : Verdict.Block);

        // The second one stays above the first, whatever the sensitivity: a step-up is asked for before a block.
        Limit Threshold(double at, Verdict verdict) => new(signal.Name, test.Per, test.Window, set.IndexOf(test.Window), Whole(at), verdict)
        {
            AccountMax = (int)test.RaisedBy,
            Statistic = test.Statistic,
            WarnedAt = test.WarnedAt > 0 ? Whole(test.WarnedAt) : 0,
        };
    }

    private static int BlockAt(Limit limit, Limit[] all)
    {
        var signals = all.Where(other => other.IsSignal && other.WindowIndex == limit.WindowIndex).ToArray();
        return limit.IsSignal || !signals.Any(signal => signal.Verdict == Verdict.StepUp && signal.Max <= limit.Max)
            ? 0
            : signals.Where(signal => signal.Verdict == Verdict.Block).Select(signal => signal.Max).DefaultIfEmpty().Max();
    }

    private static int Whole(double threshold) => Math.Max(1, (int)threshold);

    private static IEnumerable<Limit> At(Limit[] limits, int window) => limits.Where(limit => limit.WindowIndex == window && limit.Verdict != Verdict.Allow);

    /// <summary>From what score on it matters: half of the strictest threshold, or where an account is warned.</summary>
    private static int LevelOf(Window window, IEnumerable<Limit> limits) =>
        !window.IsScore ? 0
        : limits.Select(limit => Math.Min((limit.Max + 1) / 2, limit.WarnedAt > 0 ? limit.WarnedAt : int.MaxValue)).DefaultIfEmpty(int.MaxValue).Min();

    private uint SameForAccounts(Window window)
    {
        if (window.Charge == WindowCharge.Warned)
            return PaceOfAccounts;
        var same = 0u;
        var accounts = LimitsOf(SubjectType.Account);
        for (var index = 0; index < accounts.Length; index++)
            same |= !accounts[index].IsSignal && Standing.IsSame(window, accounts[index].Window) ? 1u << index : 0;
        return same;
    }

    /// <summary>A miss is known only afterwards: views are counted as misses in the making from the first on.</summary>
    private static int CalmOf(Window window, int max) =>
        window.Count == WindowCount.Misses && max > 0 ? 0
        : window.IsScore || max == 0 ? int.MaxValue // A revisit adds to no score.
        : (max - 1) / 2;

    private static int Strictest(IEnumerable<Limit> limits) => limits.Select(limit => limit.Max).DefaultIfEmpty().Min();
}
