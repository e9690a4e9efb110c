namespace ScrapeGuard.Counting;

/// <summary>Which subjects have something to tell the other nodes.</summary>
internal sealed partial class SubjectShard
{
    private const int MostListed = 64;

    /// <summary>Subjects with news for the other nodes.</summary>
    public List<SubjectKey> Touched { get; } = [];

    /// <summary>Subjects with news that need not be told sooner than within a second.</summary>
    public List<SubjectKey> Resting { get; } = [];

    /// <summary>Subjects with news that can wait.</summary>
    public List<SubjectKey> Lazy { get; } = [];

    /// <summary>Subjects with news that should not wait.</summary>
    public List<SubjectKey> Urgent { get; } = [];

    /// <summary>The list that a flag of its subjects says they are in.</summary>
    public List<SubjectKey> ListOf(SubjectFlags flag) => flag switch
    {
        SubjectFlags.IsUrgent => Urgent,
        SubjectFlags.IsTouched => Touched,
        SubjectFlags.IsResting => Resting,
        _ => Lazy,
    };

    /// <summary>Whether the other nodes are still to be told something of a subject that limits count.</summary>
    public bool HasNews(in SubjectHead head)
    {
        var number = head.Unsent;
        if (number != 0)
        {
            var windows = WindowSet.Of(head.Layout);
            while (number != 0 && Unsent[number].CanWait(windows))
                number = Unsent[number].Next;
        }

        return number != 0 || (head.Flags & SubjectFlags.OwesAccounts) != 0;
    }

    /// <summary>Where it is told that there are such.</summary>
    public News? News { get; init; }

    /// <summary>Puts a subject into one of the lists of those with news. Who was forgotten meanwhile leaves them, so that no spray fills them while nobody takes any.</summary>
    public void List(List<SubjectKey> list, SubjectKey subject)
    {
        if (list.Count > (2 * Index.Count) + MostListed)
            Thin(list);
        list.Add(subject);
    }

    /// <summary>Puts a subject among those with news that can wait, unless its news is sent sooner anyway.</summary>
    public void ListLazily(ref SubjectHead head, in SubjectKey subject)
    {
        if ((head.Flags & (SubjectFlags.IsLazy | SubjectFlags.IsTouched)) != 0)
            return;
        head.Flags |= SubjectFlags.IsLazy;
        List(Lazy, subject);
    }

    // By itself, for what it captures would else be allocated for each subject that is listed.
    private void Thin(List<SubjectKey> list)
    {
        var seen = new HashSet<SubjectKey>();
        list.RemoveAll(key => Find(key) is null || !seen.Add(key));
        list.Capacity = list.Count + MostListed;
    }
}
