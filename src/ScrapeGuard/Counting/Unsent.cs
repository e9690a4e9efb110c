using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>Something that happened to a subject here and that the other nodes were not told yet.</summary>
internal struct Unsent
{
    public UnsentType Type;

    /// <summary>Milliseconds since 1970.</summary>
    public long At;

    /// <summary>The record, the account, or the end of an allowance.</summary>
    public ulong Value;

    /// <summary>The windows it counts in, a bit each, and the kind of the record, hashed.</summary>
    public uint Charge;
    public uint Kind;

    public int Views;
    public int Misses;
    public int Records;
    public int RawViews;
    public int RawRecords;

    /// <summary>Of a record too, until it is looked at: whether its number lies beside one that was shown before.</summary>
    public int Neighbours;

    /// <summary>The next event of the subject, which happened before this one; 0 for none.</summary>
    public int Next;

    public readonly LogCounts Counts => new(Views, Misses, Records, RawViews, RawRecords, Neighbours);

    /// <summary>Whether it is shown to operators only, as no limit counts it.</summary>
    public readonly bool CanWait(WindowSet windows) =>
        Type == UnsentType.Shown || (Type == UnsentType.Counts && (Charge & windows.LimitedBy(Counts)) == 0);
}

internal enum UnsentType : byte
{
    Record,
    Shown,
    Withdraw,
    Counts,
    Account,
    Grant,
    Allowance,
    Forget,
}
