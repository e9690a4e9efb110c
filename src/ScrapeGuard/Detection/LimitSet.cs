using System.Text;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>The limits of a configuration, and the windows they need, per type of subject.</summary>
internal sealed class LimitSet
{
    private const long Day = SubjectState.NoveltyMilliseconds;

    private readonly WindowSet[] windows = new WindowSet[3];
    private readonly Limit[][] limits = new Limit[3][];
    private readonly int[][] maxima = new int[3][];
    private readonly uint[] sameForAccounts;

    public LimitSet(IEnumerable<KeyValuePair<string, LimitOptions>> options)
    {
        var given = options.Where(limit => limit.Value.Max is > 0).OrderBy(limit => limit.Key, StringComparer.Ordinal).ToArray();
        foreach (var type in Enum.GetValues<SubjectType>())
        {
            var own = given.Where(limit => limit.Value.Per == type).ToArray();
            var limited = own.Select(limit => WindowOf(limit.Value)).Distinct().ToArray();
            var set = new WindowSet([.. limited.Concat(Always(type)).Distinct()])
            {
                Limited = (1u << limited.Length) - 1,
                Calm = [.. limited.Select(window => CalmOf(window, own.Where(limit => WindowOf(limit.Value) == window).Min(limit => limit.Value.Max!.Value)))],
            };
            windows[(int)type] = set;
            limits[(int)type] = [.. own.Select(limit => Compile(limit.Key, limit.Value, set, given))];
            maxima[(int)type] = [.. Enumerable.Range(0, set.Count).Select(index => Strictest(limits[(int)type].Where(limit => limit.WindowIndex == index)))];
        }

        sameForAccounts = [.. Enumerable.Range(0, WindowsOf(SubjectType.Address).Count).Select(index => SameForAccounts(WindowsOf(SubjectType.Address)[index]))];
    }

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
        (WindowCount)limit.Count!.Value, (long)limit.Window!.Value.TotalMilliseconds, KindHash(limit.Kind), limit.Charge);

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
        return new Limit(name, limit.Per!.Value, window, set.IndexOf(window), limit.Max!.Value, verdict, accountMax);
    }

    private uint SameForAccounts(Window window)
    {
        var same = 0u;
        var accounts = LimitsOf(SubjectType.Account);
        for (var index = 0; index < accounts.Length; index++)
            same |= Standing.IsSame(window, accounts[index].Window) ? 1u << index : 0;
        return same;
    }

    /// <summary>A miss is known only afterwards: views are counted as misses in the making from the first on.</summary>
    private static int CalmOf(Window window, int max) => window.Count == WindowCount.Misses ? 0 : (max - 1) / 2;

    private static int Strictest(IEnumerable<Limit> limits) => limits.Select(limit => limit.Max).DefaultIfEmpty().Min();
}
