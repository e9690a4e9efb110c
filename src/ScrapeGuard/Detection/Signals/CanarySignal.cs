using ScrapeGuard.Capture;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection.Signals;

/// <summary>
/// Records that exist for nobody: no page links to them and no search finds them, so whoever asks for one got its id by counting up, by guessing or from a
/// stolen list. One view says that, and no threshold is needed; unlike the other signals it is read from the id and not from what was counted.
/// </summary>
internal sealed class CanarySignal
{
    public const string Name = "Canary";

    private readonly SignalVerdict most;
    private readonly HashSet<(string Kind, string Id)> canonical = [];
    private readonly HashSet<(string Kind, string Id)> asWritten = [];

    private CanarySignal(CanaryOptions options)
    {
        most = options.Verdict;
        foreach (var (kind, ids) in options.Records)
        {
            foreach (var id in ids)
            {
                canonical.Add((kind, RecordText.Of(id, RecordIdentity.Canonical)!));
                asWritten.Add((kind, id));
            }
        }
    }

    /// <summary>The signal with the settings in force; null where there is nothing to look for, so that views cost no look-up.</summary>
    public static CanarySignal? Of(CanaryOptions options) =>
        options.Verdict == SignalVerdict.Off || options.Records.Values.All(ids => ids.Count == 0) ? null : new CanarySignal(options);

    /// <summary>Whether an id, by what is identity on its page, is that of a record that exists for nobody.</summary>
    public bool Holds(string kind, string id, RecordIdentity identity) => (identity == RecordIdentity.Text ? asWritten : canonical).Contains((kind, id));

    /// <summary>What one view deserves. A step-up that was completed, or any number of good views, makes up for nothing.</summary>
    /// <param name="kind">The kind of the record.</param>
    /// <param name="subject">The type of the accused. An address knows no step-up.</param>
    /// <param name="stepUp">What a step-up is; without a path, or when those of the day are used up, it is a block.</param>
    /// <param name="evidence">What is known of the accused.</param>
    public Finding Judge(string kind, SubjectType subject, StepUpOptions stepUp, SubjectReading evidence)
    {
        var verdict = most switch
        {
            SignalVerdict.Allow => Verdict.Allow,
            SignalVerdict.StepUp when subject != SubjectType.Address && stepUp.Path is not null && evidence.StepUpsToday < stepUp.MaxPerDay => Verdict.StepUp,
            _ => Verdict.Block,
        };
        if (verdict == Verdict.Allow)
            return Finding.Allow;
        var limit = new Limit(Name, subject, new Window(WindowCount.Views, SubjectState.NoveltyMilliseconds), WindowIndex: -1, Max: 0, verdict)
        {
            Statistic = "record",
            Explanation = $"{Name}: a record of kind {kind} that exists for nobody was asked for.",
        };
        return new Finding(verdict, limit, Count: 1);
    }
}
