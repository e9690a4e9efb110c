namespace ScrapeGuard.Counting;

/// <summary>Whom a view is counted for; null for a subject the view does not have, or that no limit applies to.</summary>
internal readonly record struct ViewSubjects(SubjectKey? Account, SubjectKey? Session, SubjectKey? Address)
{
    public SubjectKey? this[SubjectType type] => type switch
    {
        SubjectType.Account => Account,
        SubjectType.Session => Session,
        _ => Address,
    };

    /// <summary>Whether somebody signed in makes the view, exempt or not: such a view is no stranger's.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>Whether <see cref="Account"/> is one that no limit applies to.</summary>
    public bool IsExemptAccount { get; init; }
}
