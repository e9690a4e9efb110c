using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>Whether an account is warned: at half or more of its own limit of the same count and window, or, where it has none, of any.</summary>
internal static class Standing
{
    public static bool IsWarned(LimitSet limits, SubjectReading account) => IsWarned(limits, account, null);

    public static bool IsWarned(LimitSet limits, SubjectReading account, Window? inQuestion)
    {
        if (account.Shared is { } shared && IsWarned(limits, shared, inQuestion))
            return true;
        var ofAny = false;
        var ofSame = false;
        var hasSame = false;
        foreach (var limit in limits.LimitsOf(SubjectType.Account))
        {
            var index = account.Windows.IndexOf(limit.Window);
            if (index < 0)
                continue;
            var counted = account.Counts[index].Settled.Total + (limit.Window.Count == WindowCount.Misses ? 0 : account.Counts[index].Reserved);
            var warned = counted * 2 >= limit.Max;
            ofAny |= warned;
            if (inQuestion is not { } window || !IsSame(window, limit.Window))
                continue;
            hasSame = true;
            ofSame |= warned;
        }

        return hasSame ? ofSame : ofAny;
    }

    /// <summary>The windows of an address that a view is charged to, a bit each.</summary>
    /// <param name="limits">The limits in force.</param>
    /// <param name="kind">The kind of record the page shows, hashed.</param>
    /// <param name="account">What was last known of the account that makes the view; null for an anonymous view.</param>
    public static uint AddressCharge(LimitSet limits, uint kind, SubjectReading? account)
    {
        var windows = limits.WindowsOf(SubjectType.Address);
        var charge = 0u;
        for (var index = 0; index < windows.Count; index++)
        {
            ref readonly var window = ref windows[index];
            if (window.Kind != 0 && window.Kind != kind)
                continue;
            if (window.Charge == ChargedViews.All || account is null || IsWarned(limits, account, window))
                charge |= 1u << index;
        }

        return charge;
    }

    /// <summary>The windows of a session or an account that count this kind of record, a bit each.</summary>
    public static uint Charge(WindowSet windows, uint kind)
    {
        var charge = 0u;
        for (var index = 0; index < windows.Count; index++)
            charge |= windows[index].Kind == 0 || windows[index].Kind == kind ? 1u << index : 0;
        return charge;
    }

    private static bool IsSame(Window left, Window right) =>
        left.Count == right.Count && left.Milliseconds == right.Milliseconds && left.Kind == right.Kind;
}
