using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>Whether an account is warned: at half or more of its own limit of the same count and window, or, where it has none, of any.</summary>
internal static class Standing
{
    /// <summary>
    /// At half or more of the account's limit of the same count and window as <paramref name="inQuestion"/>; without one, of any. Where it is a score that is
    /// in question: at the warning level of one of the account's own.
    /// </summary>
    public static bool IsWarned(LimitSet limits, SubjectReading account, Window? inQuestion)
    {
        var ofAny = false;
        var ofSame = false;
        var hasSame = false;
        foreach (var limit in limits.LimitsOf(SubjectType.Account))
        {
            var index = account.Windows.IndexOf(limit.Window);
            if (index < 0 || limit.IsSignal != (inQuestion is { IsScore: true }))
                continue;
            var reading = account.Counts[index];
            var warned = IsWarnedBy(limit, reading.Value, reading.Reserved);
            ofAny |= warned;
            if (inQuestion is not { } window || !IsSame(window, limit.Window))
                continue;
            hasSame = true;
            ofSame |= warned;
        }

        return hasSame && inQuestion is not { IsScore: true } ? ofSame : ofAny;
    }

    /// <summary>The account limits of which half was reached before a view that is counted in <paramref name="account"/>, a bit each.</summary>
    public static uint Warned(LimitSet limits, SubjectCounts account)
    {
        var warned = 0u;
        var all = limits.LimitsOf(SubjectType.Account);
        for (var index = 0; index < all.Length; index++)
            warned |= IsWarnedBy(all[index], account.Settled[all[index].WindowIndex], account.Others[all[index].WindowIndex]) ? 1u << index : 0;
        return warned;
    }

    /// <summary>The windows of an address that a view is charged to, a bit each.</summary>
    /// <param name="limits">The limits in force.</param>
    /// <param name="kind">The kind of record the page shows, hashed.</param>
    /// <param name="isAnonymous">Whether nobody is signed in.</param>
    /// <param name="warned">The account limits of which half was reached, a bit each.</param>
    public static uint AddressCharge(LimitSet limits, uint kind, bool isAnonymous, uint warned)
    {
        var windows = limits.WindowsOf(SubjectType.Address);
        var ofKind = windows.OfKind(kind);
        if (isAnonymous)
            return ofKind | windows.Anonymous;
        var charge = windows.ChargingAll;
        for (var index = 0; warned != 0 && index < windows.Count; index++)
        {
            var same = limits.SameForAccounts(index);
            if ((same == 0 ? warned & ~limits.PaceOfAccounts : warned & same) != 0)
                charge |= 1u << index;
        }

        return charge & (ofKind | windows.Warned);
    }

    private static bool IsWarnedBy(Limit limit, int settled, int reserved) =>
        limit.WarnedAt > 0 && settled + (limit.Window.Count == WindowCount.Misses ? 0 : reserved) >= limit.WarnedAt;

    public static bool IsSame(Window left, Window right) =>
        left.Count == right.Count && left.Milliseconds == right.Milliseconds && left.Kind == right.Kind;
}
