namespace ScrapeGuard.Counting;

/// <summary>Whether some subject has news that should not wait for the next flush, and who else has some; shared by all shards.</summary>
internal sealed class News
{
    private volatile bool isUrgent;
    private volatile int nodes = int.MaxValue;

    /// <summary>How many nodes may have news of the same subject, this one included; as many as can be while nobody knows.</summary>
    public int Nodes
    {
        get => nodes;
        set => nodes = value;
    }

    public bool IsUrgent
    {
        get => isUrgent;
        set
        {
            // Read first: the flag is looked at by every view, and writing it would take its cache line from all of them.
            if (isUrgent != value)
                isUrgent = value;
        }
    }
}
