namespace ScrapeGuard;

/// <summary>The limits a portal has before it names its own.</summary>
internal static class DefaultLimits
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    public static Dictionary<string, LimitOptions> Create() => new(StringComparer.OrdinalIgnoreCase)
    {
        ["account-10min"] = Limit(SubjectType.Account, CountOf.Records, TenMinutes, 60, Verdict.StepUp),
        ["account-day"] = Limit(SubjectType.Account, CountOf.Records, Day, 500, Verdict.StepUp),
        ["account-misses"] = Limit(SubjectType.Account, CountOf.Misses, TenMinutes, 20, Verdict.StepUp),
        ["session-10min"] = Limit(SubjectType.Session, CountOf.Records, TenMinutes, 60, Verdict.StepUp),
        ["address-10min"] = Limit(SubjectType.Address, CountOf.Records, TenMinutes, 50, Verdict.Block),
        ["address-day"] = Limit(SubjectType.Address, CountOf.Records, Day, 300, Verdict.Block),
        ["address-minute"] = Limit(SubjectType.Address, CountOf.Views, TimeSpan.FromMinutes(1), 120, Verdict.Block),
        ["address-misses"] = Limit(SubjectType.Address, CountOf.Misses, TenMinutes, 20, Verdict.Block),
    };

    private static LimitOptions Limit(SubjectType per, CountOf count, TimeSpan window, int max, Verdict verdict) =>
        new() { Per = per, Count = count, Window = window, Max = max, Verdict = verdict };
}
