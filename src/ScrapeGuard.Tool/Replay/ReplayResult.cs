using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Merging;

namespace ScrapeGuard.Tool.Replay;

/// <summary>What came of a run: the figures of what was read, and a row for each client that matters.</summary>
internal sealed record ReplayResult
{
    private const int MostOthers = 50;

    public int Files { get; init; }

    public double Seconds { get; init; }

    /// <summary>Whether it was ended before everything was read.</summary>
    public bool IsStopped { get; init; }

    /// <summary>The options that name a field which no line had.</summary>
    public IReadOnlyList<string> MissingFields { get; init; } = [];

    /// <summary>The kinds of the display pages.</summary>
    public IReadOnlyCollection<string> Kinds { get; init; } = [];

    /// <summary>The options that hold for a kind of record of which there was no display page.</summary>
    public IReadOnlyList<(string Option, string Kind)> MissingKinds { get; init; } = [];

    /// <summary>What a person should know of the settings; null for nothing.</summary>
    public string? SettingsNote { get; init; }

    /// <summary>A pattern that matched with no id in it; null where none did.</summary>
    public string? EmptyPattern { get; init; }

    /// <summary>The first targets that were no display pages.</summary>
    public IReadOnlyList<string> OtherTargets { get; init; } = [];

    public required ReadFigures Read { get; init; }

    public required long Views { get; init; }

    /// <summary>The views that came so late in the logs that all had to be sorted; 0 where they were judged as they came.</summary>
    public long Late { get; init; }

    public required DateTimeOffset? First { get; init; }

    public required DateTimeOffset? Last { get; init; }

    public required TallyTable Tallies { get; init; }

    /// <summary>Every subject that drew a verdict, from whom most would have been kept first.</summary>
    public required IReadOnlyList<Tally> Accused { get; init; }

    /// <summary>Of the other addresses those that took the most records.</summary>
    public required IReadOnlyList<Tally> Others { get; init; }

    public static ReplayResult Of(LogJudge judge, ReadFigures figures)
    {
        var tallies = judge.Tallies;
        return new ReplayResult
        {
            Read = figures,
            Views = judge.Views,
            First = judge.First,
            Last = judge.Last,
            Tallies = tallies,
            Accused = [.. InOrder(tallies.Addresses.Concat(tallies.Others).Where(tally => tally.First is not null))],
            Others = [.. InOrder(tallies.Addresses.Where(tally => tally.First is null)).Take(MostOthers)],
        };
    }

    private static IEnumerable<Tally> InOrder(IEnumerable<Tally> tallies) => tallies
        .OrderByDescending(tally => tally.Verdict)
        .ThenByDescending(tally => tally.Records.Kept)
        .ThenByDescending(tally => tally.Records.Count)
        .ThenByDescending(tally => tally.Views)
        .ThenBy(tally => tally.Name, StringComparer.Ordinal);
}
