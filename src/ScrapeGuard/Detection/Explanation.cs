using System.Globalization;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>What operators are told of a finding: what it goes by, and how far the subject is from everything else that it is held against.</summary>
internal static class Explanation
{
    public static string Of(LimitSet limits, SubjectType type, Finding finding, SubjectReading evidence)
    {
        var others = limits.LimitsOf(type)
            .Where(limit => limit.Verdict != Verdict.Allow && limit.Title != finding.Limit!.Title)
            .Select(limit => (limit.Title, limit.Max, Value: ValueOf(limit, evidence), Most: limit.MaxAt(evidence.GoodAccounts)))
            .Where(limit => limit.Value <= limit.Most)
            .DistinctBy(limit => limit.Title)
            .Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Title} {limit.Value} of {limit.Most}"))
            .ToArray();
        var found = finding.Limit!.Explain(finding.Count, finding.Max);
        return others.Length == 0 ? found : $"{found} Not past: {string.Join(", ", others)}.";
    }

    private static int ValueOf(Limit limit, SubjectReading evidence) =>
        evidence.Windows.IndexOf(limit.Window) is >= 0 and var index ? evidence.Counts[index].Value + (limit.Window.Count == WindowCount.Misses ? 0 : evidence.Counts[index].Reserved) : 0;
}
