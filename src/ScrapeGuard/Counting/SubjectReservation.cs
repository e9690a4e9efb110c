namespace ScrapeGuard.Counting;

/// <summary>One view, or one list of records, as it is counted for one subject.</summary>
internal sealed record SubjectReservation
{
    /// <summary>How long a reservation counts when its outcome is never heard of.</summary>
    public const long Lifetime = 60_000;

    public required SubjectKey Subject { get; init; }

    public required WindowSet Windows { get; init; }

    /// <summary>A number that no other view in flight has.</summary>
    public required ulong Id { get; init; }

    /// <summary>When the view came, in milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>Which of <see cref="Windows"/> the view is charged to, a bit each.</summary>
    public required uint Charge { get; init; }

    /// <summary>Fingerprints of the records asked for, without repeats; empty where the page shows none.</summary>
    public ulong[] Records { get; init; } = [];

    /// <summary>1 for a view; 0 for a list inside a view that was counted already.</summary>
    public int Views { get; init; } = 1;

    /// <summary>The account that makes the view, for an address; 0 for an anonymous one.</summary>
    public ulong Account { get; init; }

    /// <summary>Whether <see cref="Account"/> is warned.</summary>
    public bool AccountIsWarned { get; init; }

    /// <summary>The address in clear, for operators of this node; null for an account or a session.</summary>
    public string? Name { get; init; }

    /// <summary>The strictest maximum of each window; 0 where no limit applies. What a completed step-up admits is counted past these.</summary>
    public int[] Maxima { get; init; } = [];
}
