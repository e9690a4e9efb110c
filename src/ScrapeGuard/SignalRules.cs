namespace ScrapeGuard;

/// <summary>What makes the options of signals valid.</summary>
internal static class SignalRules
{
    private const int MostCanaries = 1000;

    private static readonly SignalVerdict[] OfAddress = [SignalVerdict.Off, SignalVerdict.Allow, SignalVerdict.Block];

    public static void Check(SignalsOptions signals, OptionProblems problems)
    {
        Check("Pace", signals.Pace, problems);
        Check("AddressPace", signals.AddressPace, problems, OfAddress);
        Check("Rotation", signals.Rotation, problems, OfAddress);
        Check("Sweep", signals.Sweep, problems);
        problems.CheckWord<SignalVerdict>("Signals:Canary:Verdict", signals.Canary.Verdict);
        foreach (var (kind, ids) in signals.Canary.Records)
            CheckCanaries($"Signals:Canary:Records:{kind}", kind, ids, problems);
    }

    private static void Check(string name, SignalOptions signal, OptionProblems problems, params SignalVerdict[] offered)
    {
        problems.CheckRange<double>($"Signals:{name}:Sensitivity", signal.Sensitivity, 0.1, 10);
        problems.CheckWord($"Signals:{name}:Verdict", signal.Verdict, offered);
    }

    private static void CheckCanaries(string option, string kind, IList<string>? ids, OptionProblems problems)
    {
        if (!OptionNames.IsValid(kind))
            problems.AddUnshown(option, $"has the name of no kind of record; use {OptionNames.Rule}");
        if (ids is null)
            problems.AddUnshown(option, "is empty; list ids that exist for nobody, or remove it");
        else if (ids.Any(string.IsNullOrWhiteSpace))
            problems.AddUnshown(option, "holds an empty id; remove it");
        else if (ids.Count > MostCanaries)
            problems.Add(option, ids.Count, $"list at most {MostCanaries} ids");
    }
}
