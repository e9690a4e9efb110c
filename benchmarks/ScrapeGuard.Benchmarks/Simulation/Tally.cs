namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>What became of people's days under one variant.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<(Verdict Verdict, string Cause, SubjectType Subject), (int Days, long Views)> causes = [];

    private readonly SortedDictionary<(Verdict Verdict, string Role), int> roles = [];

    public int UserDays { get; set; }

    /// <summary>Days on which somebody was refused by a Block.</summary>
    public int RefusedDays { get; set; }

    /// <summary>Days on which somebody was asked to step up.</summary>
    public int AskedDays { get; set; }

    /// <summary>How often somebody was asked.</summary>
    public int Asked { get; set; }

    /// <summary>Days on which somebody stopped instead.</summary>
    public int GivenUpDays { get; set; }

    public long Views { get; set; }

    /// <summary>Subjects forgotten for want of memory: with any, the figures are too good.</summary>
    public long Evicted { get; set; }

    /// <summary>By cause: days on which it was the first to meet somebody with that verdict, and views.</summary>
    public IEnumerable<(Verdict Verdict, string Cause, SubjectType Subject, int Days, long Views)> Causes =>
        causes.Select(pair => (pair.Key.Verdict, pair.Key.Cause, pair.Key.Subject, pair.Value.Days, pair.Value.Views));

    /// <summary>The days on which a part of the staff met a verdict.</summary>
    public int Of(Verdict verdict, string role) => roles.GetValueOrDefault((verdict, role));

    public void Count(ScrapeGuardAssessment assessment, bool isFirst, string role)
    {
        roles[(assessment.Verdict, role)] = Of(assessment.Verdict, role) + (isFirst ? 1 : 0);
        var key = (assessment.Verdict, assessment.Cause ?? "", assessment.Subject ?? SubjectType.Address);
        Add(key, isFirst ? 1 : 0, 1);
    }

    public void Add(Tally other)
    {
        (UserDays, RefusedDays, AskedDays) = (UserDays + other.UserDays, RefusedDays + other.RefusedDays, AskedDays + other.AskedDays);
        (Asked, GivenUpDays, Views, Evicted) = (Asked + other.Asked, GivenUpDays + other.GivenUpDays, Views + other.Views, Evicted + other.Evicted);
        foreach (var (key, (days, views)) in other.causes)
            Add(key, days, views);
        foreach (var (key, days) in other.roles)
            roles[key] = roles.GetValueOrDefault(key) + days;
    }

    private void Add((Verdict Verdict, string Cause, SubjectType Subject) key, int days, long views)
    {
        var known = causes.GetValueOrDefault(key);
        causes[key] = (known.Days + days, known.Views + views);
    }
}
