namespace ScrapeGuard.Counting;

/// <summary>One view, or one list of records, as it is counted for one subject.</summary>
internal sealed record SubjectReservation
{
    /// <summary>How long a reservation counts when its outcome is never heard of.</summary>
    public const long Lifetime = 60_000;

    public required SubjectKey Subject { get; set; }

    public required WindowSet Windows { get; set; }

    /// <summary>A number that no other view in flight has.</summary>
    public required ulong Id { get; set; }

    /// <summary>When the view came, in milliseconds.</summary>
    public required long At { get; set; }

    /// <summary>Which of <see cref="Windows"/> the view is charged to, a bit each.</summary>
    public required uint Charge { get; set; }

    /// <summary>Fingerprints of the records asked for, without repeats; empty where the page shows none.</summary>
    public ulong[] Records { get; set; } = [];

    /// <summary>Fingerprints of the records whose numbers lie beside that of the only record asked for; 0 where there is none.</summary>
    public ulong[] Neighbours { get; set; } = [];

    /// <summary>1 for a view; 0 for a list inside a view that was counted already.</summary>
    public int Views { get; set; } = 1;

    /// <summary>The account that makes the view, for an address; 0 for an anonymous one.</summary>
    public ulong Account { get; set; }

    /// <summary>Whether <see cref="Account"/> is warned.</summary>
    public bool AccountIsWarned { get; set; }

    /// <summary>The kind of the records, hashed.</summary>
    public uint Kind { get; set; }

    /// <summary>The address in clear, for operators of this node; of an address only.</summary>
    public AddressInClear Address { get; set; }

    /// <summary>
    /// Whether the view waits for the other nodes, so that they are told of it at once. Not for an address that is charged with nothing: whatever they
    /// know of it, it refuses no view by an account in good standing.
    /// </summary>
    public bool IsAwaited { get; set; }

    /// <summary>Whether nothing was reserved for it: a revisit by somebody in good standing.</summary>
    public bool IsFree { get; set; }

    /// <summary>The strictest maximum of each window; 0 where no limit applies. What a completed step-up admits is counted past these.</summary>
    public int[] Maxima { get; set; } = [];

    /// <summary>The strictest maximum of each window, whether a step-up admits past it or not: past half of one the other nodes are told at once.</summary>
    public int[] Strictest { get; set; } = [];
}
