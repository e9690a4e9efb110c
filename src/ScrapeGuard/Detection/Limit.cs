using System.Globalization;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>A limit, or one threshold of a signal, as it is judged.</summary>
/// <param name="Name">Its name in the configuration: the cause of what it brings about.</param>
/// <param name="Per">Whom it counts for.</param>
/// <param name="Window">What it counts.</param>
/// <param name="WindowIndex">The place of <paramref name="Window"/> in the subject's windows.</param>
/// <param name="Max">The most that get through.</param>
/// <param name="Verdict">What happens past it; Allow where it is only shown.</param>
internal sealed record Limit(string Name, SubjectType Per, Window Window, int WindowIndex, int Max, Verdict Verdict)
{
    /// <summary>For an address: the strictest account limit of the same count and window; 0 for none.</summary>
    public int AccountMax { get; init; }

    /// <summary>Which of the signal's statistics it is; null for a limit.</summary>
    public string? Statistic { get; init; }

    /// <summary>From what count on an account is warned; 0 for never.</summary>
    public int WarnedAt { get; init; } = (Max + 1) / 2;

    /// <summary>Of a limit: the second threshold of a signal that reads the same window and asks for a step-up no later; 0 for none.</summary>
    public int BlockAt { get; init; }

    /// <summary>What operators are told instead of a count, where it is no count that is past it.</summary>
    public string? Explanation { get; init; }

    private string Added => (Window.Count, Window.Charge) switch
    {
        (WindowCount.Neighbours, _) => "numbers beside one just shown",
        (_, WindowCharge.Anonymous) => "novel records of whoever is not signed in",
        (_, WindowCharge.Warned) => "novel records of warned accounts",
        (_, WindowCharge.Newcomers) => "novel records of accounts that are new at the address",
        _ => "novel records and misses",
    };

    public bool IsSignal => Statistic is not null;

    /// <summary>How operators are shown it.</summary>
    public string Title => Statistic is null ? Name : $"{Name}/{Statistic}";

    /// <summary>Whether a completed step-up admits views past it: past a limit, and past the first threshold of a signal but not the second.</summary>
    public bool IsForgiven => !IsSignal || Verdict != Verdict.Block;

    /// <summary>
    /// The most that strangers may take where several accounts in good standing share the address, so that one bad account never takes its colleagues down.
    /// A score forgives more for each of them already.
    /// </summary>
    public int MaxAt(int goodAccounts) =>
        goodAccounts < 2 || AccountMax == 0 || Window.Charge == WindowCharge.All ? Max
        : Window.IsScore ? Max + AccountMax
        : Max + (int)((11L + goodAccounts) * AccountMax / 10);

    /// <summary>What operators are told of a view past it.</summary>
    public string Explain(int count, int max) => Explanation ?? (Pace.Of(Window) is { } pace
        ? string.Create(CultureInfo.InvariantCulture, $"{Title}: a score of {count}, at most {max}; {Added} add to it, and one is forgiven every {pace.Leak / 1000} s{(Per == SubjectType.Address ? " at least" : "")}.")
        : string.Create(CultureInfo.InvariantCulture, $"{Title}: {count} {Window.Count} in {TimeSpan.FromMilliseconds(Window.Milliseconds)}, at most {max}."));

    /// <summary>When it lets a view through again, in milliseconds.</summary>
    public long ReadmitsAt(in WindowReading window, int max, int goodAccounts, long now)
    {
        if (Window.Charge == WindowCharge.Swept)
            return now; // What a sweep comes to is known within minutes: a day's block would be for what others did.
        if (Pace.Of(Window) is not { } pace)
            return window.Settled.ReadmitIndex(max) * Window.SubWindow;
        return now + (long)Math.Ceiling(Math.Max(0, window.Value - max + 1) / pace.LeakAt(Per == SubjectType.Address ? goodAccounts : 0));
    }
}
