namespace ScrapeGuard.Counting;

/// <summary>Whether some subject has news that should not wait for the next flush; shared by all shards.</summary>
internal sealed class News
{
    private volatile bool isUrgent;

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
