namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Goes through all subjects when Redis may have lost some of what it was told, so that what this node knows is looked for there, and told again where it is
/// missing: also of subjects that are not viewed any more.
/// </summary>
internal sealed class SubjectRetelling(SubjectTable table, SettingsSource settings)
{
    /// <summary>How many subjects are touched with each flush: those of a full table within half a minute.</summary>
    private const int MostAtOnce = 1024;

    private IEnumerator<SubjectKey>? left;
    private volatile bool isWanted;

    /// <summary>Begins, or begins anew.</summary>
    public void Begin() => isWanted = true;

    /// <summary>Touches the next of them; by one thread at a time.</summary>
    public void Run(long now)
    {
        if (isWanted)
        {
            isWanted = false;
            left = Enum.GetValues<SubjectType>().SelectMany(table.Subjects).GetEnumerator();
        }

        for (var number = 0; left is not null && number < MostAtOnce; number++)
        {
            if (left.MoveNext())
                table.TouchTold(left.Current, settings.Current.Limits.WindowsOf(left.Current.Type), now);
            else
                left = null;
        }
    }
}
