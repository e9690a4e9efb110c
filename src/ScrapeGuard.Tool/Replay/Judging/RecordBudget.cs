namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>How many records all tallies together may keep in mind.</summary>
internal sealed class RecordBudget(int most)
{
    private int left = most;

    public bool Take()
    {
        if (left == 0)
            return false;
        left--;
        return true;
    }

    public void Return(int count) => left += count;
}
