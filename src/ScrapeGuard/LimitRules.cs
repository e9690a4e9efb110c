namespace ScrapeGuard;

/// <summary>What makes a limit valid.</summary>
internal static class LimitRules
{
    // Each distinct window costs every subject its own counters.
    private const int MaxWindowsPerSubject = 12;

    // Each record has a bit for every window that counts it, and signals have the others of them.
    private const int MaxRecordWindowsPerSubject = 8;

    // Every record shown inside the novelty of a day is compared with.
    private const int MostRecords = 10_000;

    private static readonly TimeSpan Novelty = TimeSpan.FromHours(24);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static void Check(ScrapeGuardOptions options, OptionProblems problems)
    {
        foreach (var (name, limit) in options.Limits)
        {
            problems.CheckEntryName("Limits", name);
            if (limit is null)
                problems.Add($"Limits:{name}", limit, "give its options, or set Max to 0 to remove it");
            else if (ChangesNone($"Limits:{name}", limit, problems))
                RefuseName(name, limit, options, problems);
            else if (limit.Max != 0)
                CheckLimit($"Limits:{name}", limit, problems);
        }

        CheckNumberOfWindows(options, problems);
        CheckExposure(options, problems);
    }

    /// <summary>Whether a limit is neither a new one nor a change to one that is there: it says nothing of what makes a limit.</summary>
    private static bool ChangesNone(string path, LimitOptions limit, OptionProblems problems) =>
        problems.IsLeftOut($"{path}:Per", limit.Per) && problems.IsLeftOut($"{path}:Count", limit.Count)
        && problems.IsLeftOut($"{path}:Window", limit.Window);

    /// <summary>A removal of what is not there does no harm, unless another limit was meant.</summary>
    private static void RefuseName(string name, LimitOptions limit, ScrapeGuardOptions options, OptionProblems problems)
    {
        string[] known = [.. options.Limits.Where(entry => entry.Value is { Per: not null, Count: not null, Window: not null }).Select(entry => entry.Key)];
        var nearest = NearestName.Find(name, known);
        if (limit.Max == 0 && nearest is not null)
            problems.AddUnshown($"Limits:{name}", $"removes no limit; did you mean '{nearest}'? Else leave it out");
        else if (limit.Max != 0)
            problems.AddUnshown($"Limits:{name}", $"changes no limit; {Meant(nearest, known)} A new limit needs Per, Count, Window and Max");
    }

    private static string Meant(string? nearest, string[] known) =>
        nearest is not null ? $"did you mean '{nearest}'?" : known is [] ? "there are none." : $"the limits here are {string.Join(", ", known)}.";

    private static void CheckLimit(string path, LimitOptions limit, OptionProblems problems)
    {
        problems.CheckWord($"{path}:Per", limit.Per);
        problems.CheckWord($"{path}:Count", limit.Count);
        if (limit.Count == CountOf.Records)
            problems.CheckRange($"{path}:Max", limit.Max, 0, MostRecords, " for Records, all of which are remembered; 0 removes the limit");
        else
            problems.CheckRange($"{path}:Max", limit.Max, 0, 60_000, "; 0 removes the limit");
        CheckWindow($"{path}:Window", limit, problems);
        CheckVerdict($"{path}:Verdict", limit.Verdict, problems);
        CheckCharge($"{path}:Charge", limit, problems);
        if (limit.Kind is not null)
            problems.CheckNotBlank($"{path}:Kind", limit.Kind, "name a kind of record, or leave it out to count all kinds together");
    }

    private static void CheckWindow(string option, LimitOptions limit, OptionProblems problems)
    {
        if (limit.Count == CountOf.Records)
            problems.CheckRange(option, limit.Window, TimeSpan.FromSeconds(1), Novelty, " for Records, whose novelty is judged over 24 hours");
        else
            problems.CheckRange(option, limit.Window, TimeSpan.FromSeconds(1), Longest);
    }

    private static void CheckVerdict(string option, Verdict verdict, OptionProblems problems)
    {
        if (verdict == Verdict.Allow)
            problems.Add(option, verdict, "use StepUp or Block, or set Max to 0 to remove a limit");
        else
            problems.CheckWord(option, verdict, Verdict.StepUp, Verdict.Block);
    }

    private static void CheckCharge(string option, LimitOptions limit, OptionProblems problems)
    {
        problems.CheckWord<ChargedViews>(option, limit.Charge);
        if (limit.Charge == ChargedViews.All && limit.Per is { } per && per != SubjectType.Address)
            problems.Add(option, limit.Charge, "leave it out: only a limit per Address chooses whom it charges");
    }

    private static void CheckNumberOfWindows(ScrapeGuardOptions options, OptionProblems problems)
    {
        foreach (var sameSubject in Active(options).Select(entry => entry.Limit).GroupBy(limit => limit.Per))
        {
            var windows = sameSubject.Select(limit => (limit.Count, limit.Window, limit.Kind, limit.Charge)).Distinct().Count();
            if (windows > MaxWindowsPerSubject)
                problems.AddUnshown("Limits", $"has {windows} different combinations of Count, Window, Kind and Charge per {sameSubject.Key}; "
                    + $"keep at most {MaxWindowsPerSubject}, and set Max to 0 to remove a limit");
            var ofRecords = sameSubject.Where(limit => limit.Count == CountOf.Records).Select(limit => (limit.Window, limit.Kind, limit.Charge)).Distinct().Count();
            if (ofRecords > MaxRecordWindowsPerSubject)
                problems.AddUnshown("Limits", $"has {ofRecords} different combinations of Window, Kind and Charge that count Records per {sameSubject.Key}; "
                    + $"keep at most {MaxRecordWindowsPerSubject}, and set Max to 0 to remove a limit");
        }
    }

    // A subject may be shown Max novel records before it is refused, and all of them must be remembered.
    private static void CheckExposure(ScrapeGuardOptions options, OptionProblems problems)
    {
        var given = options.Exposure.MaxRecords;
        var records = Active(options).Where(entry => entry.Limit.Count == CountOf.Records);
        var (name, largest) = records.OrderByDescending(entry => entry.Limit.Max).FirstOrDefault();
        if (largest?.Max is <= MostRecords && largest.Max > given)
            problems.Add("Exposure:MaxRecords", given, $"make it at least {largest.Max}, the Max of Limits:{name}, or lower that");
        else
            problems.CheckRange<int>("Exposure:MaxRecords", given, 100, MostRecords);
    }

    private static IEnumerable<(string Name, LimitOptions Limit)> Active(ScrapeGuardOptions options) =>
        options.Limits.Where(entry => entry.Value is { Max: not 0 }).Select(entry => (entry.Key, entry.Value));
}
