namespace ScrapeGuard.Counting;

/// <summary>What few subjects have: completed step-ups and their allowance; for an address, the accounts seen there where they are several.</summary>
internal sealed class SubjectSide
{
    private const int Fixed = 88;

    public int AllowanceLeft { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long AllowanceUntil { get; set; }

    /// <summary>When step-ups were completed in the last 24 hours.</summary>
    public List<long> StepUps { get; } = [];

    /// <summary>When an operator let the subject go, in milliseconds since 1970: what happened before counts no more, whenever it is heard of.</summary>
    public long ForgottenAt { get; set; }

    /// <summary>Null where the address' block has room for what is known: of one account, or of none.</summary>
    public KnownAccounts? Accounts { get; set; }

    /// <summary>How many bytes of it are in the table's account.</summary>
    public int Weighed { get; set; }

    public int StepUpsSince(long time)
    {
        var count = 0;
        foreach (var at in StepUps)
            count += at > time ? 1 : 0;
        return count;
    }

    public void ForgetStepUpsBefore(long time)
    {
        for (var index = StepUps.Count - 1; index >= 0; index--)
        {
            if (StepUps[index] <= time)
                StepUps.RemoveAt(index);
        }
    }

    /// <summary>About how many bytes this takes.</summary>
    public int Bytes => Fixed + (StepUps.Capacity == 0 ? 0 : Heap.BytesOfArray(StepUps.Capacity * sizeof(long))) + (Accounts?.Bytes ?? 0);
}
