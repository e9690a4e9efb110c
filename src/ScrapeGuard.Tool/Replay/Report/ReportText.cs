using System.Globalization;
using ScrapeGuard.Tool.Replay.Judging;

namespace ScrapeGuard.Tool.Replay.Report;

/// <summary>The words and figures of a report, however they are laid out.</summary>
internal static class ReportText
{
    private const int MostOthers = 10;
    private const int MostOfUserAgent = 60;
    private const int MostKinds = 5;
    private const string StatusFields = "as sc-status in W3C, and status, StatusCode or http.response.status_code in JSON";

    public const string UserAgent = "User agent";

    /// <summary>The columns, and whether they hold figures.</summary>
    public static IReadOnlyList<(string Name, bool IsFigure)> Columns { get; } =
    [
        ("Client", false), ("Views", true), ("Records", true), ("Misses", true), ("Verdict", false), ("Cause", false), ("At (UTC)", false),
        ("Before", true), ("Kept", true), (UserAgent, false),
    ];

    /// <summary>What was read and what would have come of it, a sentence each.</summary>
    public static IEnumerable<string> Summary(ReplayResult result)
    {
        var read = result.Read;
        yield return Text($"Read {Number(read.Lines, "line")} of {Number(result.Files, "file")} in {result.Seconds:N1} s")
            + (result.First is { } first ? Text($", from {first:yyyy-MM-dd HH:mm} to {result.Last:yyyy-MM-dd HH:mm} UTC") : "")
            + (result.IsStopped ? "; stopped before the end." : ".");
        if (result.Views == 0)
        {
            yield return NothingFound(result);
            yield break;
        }

        yield return $"{Number(result.Views, "view")} of display pages by {(result.Tallies.IsAddressCountCut ? "at least " : "")}"
            + $"{Number(result.Tallies.AddressCount, "address", "addresses")}.";
        yield return Verdicts(result.Accused);
    }

    /// <summary>What the figures leave out, or is wrong with what was read.</summary>
    public static IEnumerable<string> Notes(ReplayResult result)
    {
        foreach (var problem in result.Read.Problems)
            yield return problem;
        if (result.SettingsNote is { } note)
            yield return note;
        if (result.Read.WithoutStatus > 0)
            yield return $"{Number(result.Read.WithoutStatus, "view")} without a status showed no record: have the server log it, {StatusFields}.";
        foreach (var option in result.MissingFields)
            yield return $"No line has the field that {option} names.";
        foreach (var (option, kind) in result.Views > 0 ? result.MissingKinds : [])
        {
            yield return $"{option} did nothing: no display page is of kind '{kind}', but of {string.Join(", ", result.Kinds.Take(MostKinds).Select(Printable))}. "
                + $"Name it by a group kind in --record, such as ^/(?<kind>{kind})/(?<record>[^/?]+), or in Pages of --config.";
        }

        if (result.Read.BadLines > 0)
            yield return Text($"{Number(result.Read.BadLines, "line")} could not be understood, such as:");
        foreach (var line in result.Read.FirstBadLines)
            yield return $"  {line}";
        if (result.Late > 0)
        {
            yield return Text($"The logs were not in the order of time, and were sorted first: {Number(result.Late, "view")} came too late in them.");
        }

        if (result.Tallies.Forgotten > 0)
        {
            yield return Text($"More than {result.Tallies.Most:N0} clients: {result.Tallies.Forgotten:N0} with at most ")
                + Text($"{Number(result.Tallies.ForgottenViews, "view")} each are left out, {result.Tallies.ForgottenAccused:N0} of them with a verdict.");
        }
    }

    /// <summary>A row for each subject with a verdict, and for the first of the others.</summary>
    public static IEnumerable<string[]> Rows(ReplayResult result) => result.Accused.Concat(result.Others.Take(MostOthers)).Select(Row);

    /// <summary>At most so many letters of a text, with dots where it goes on.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : $"{text[..(most - 3)]}...";

    private static string[] Row(Tally tally) =>
    [
        Cut(Printable(tally.Name)),
        Text($"{tally.Views}"),
        Count(tally.Records.Count, tally),
        Text($"{tally.Misses}"),
        tally.First is null ? "" : tally.Verdict.ToString(),
        tally.First?.Cause ?? "",
        tally.First is { } first ? Text($"{first.At:yyyy-MM-dd HH:mm:ss}") : "",
        tally.First is { } accusation ? Text($"{accusation.Records}") : "",
        tally.First is null ? "" : Count(tally.Records.Kept, tally),
        Cut(Printable(tally.UserAgent ?? "")),
    ];

    private static string Count(int count, Tally tally) => Text($"{(tally.Records.IsCut ? ">=" : "")}{count}");

    private static string Verdicts(IReadOnlyList<Tally> accused)
    {
        if (accused.Count == 0)
            return "Nobody would have been stepped up or blocked.";
        var blocked = accused.Count(tally => tally.Block is not null);
        return Text($"{blocked:N0} would have been blocked and {accused.Count - blocked:N0} stepped up; before that they were shown ")
            + Text($"{accused.Sum(tally => (long)tally.First!.Records):N0} records, and {accused.Sum(tally => (long)tally.Records.Kept):N0} would have been kept from them.");
    }

    private static string NothingFound(ReplayResult result)
    {
        if (result.OtherTargets.Count == 0)
            return "No display page was found.";
        return $"No display page was found: the first paths were {string.Join(", ", result.OtherTargets.Select(target => Cut(Printable(target))))}; "
            + (result.EmptyPattern is { } pattern
                ? $"--record '{pattern}' matches with nothing in its group record: have that match one letter or more, as \\d+ does, and the path before it."
                : "say with --record which of them show a record.");
    }

    private static string Number(long count, string one, string? several = null) => Text($"{count:N0} {(count == 1 ? one : several ?? one + "s")}");

    /// <summary>What a client chose may hold what a terminal obeys.</summary>
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)) : text;

    private static string Cut(string text) => Cut(text, MostOfUserAgent + 3);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
