namespace ScrapeGuard.Counting;

/// <summary>What a view will look at, fetched ahead while there is something else to do.</summary>
internal sealed partial class ViewCounter
{
    // The session comes last here: where it is looked for was told last.
    private static readonly SubjectType[] SoughtFirst = [SubjectType.Account, SubjectType.Address, SubjectType.Session];

    /// <summary>Has what tells where a subject is looked for brought nearer, long before <see cref="Approach"/>.</summary>
    public void Seek(in SubjectKey subject) => table.Seek(subject);

    /// <summary>Has the place where a subject is looked for brought nearer, long before <see cref="Prefetch"/>.</summary>
    public void Approach(in SubjectKey subject) => table.Prefetch(subject);

    /// <summary>Has what is known of the subjects of a view brought nearer, long enough before the view is counted.</summary>
    public void Prefetch(in ViewSubjects subjects)
    {
        foreach (var type in SoughtFirst)
        {
            ref readonly var subject = ref subjects.At(type);
            if (subject.Type == type)
                table.Glimpse(subject);
        }
    }
}
