namespace ScrapeGuard.Counting;

/// <summary>A view of one subject whose outcome is not known yet, and what it has reserved.</summary>
internal struct Flight
{
    public ulong Id;
    public long At;

    /// <summary>The record asked for; 0 for none.</summary>
    public ulong Record;

    /// <summary>The records of a list, and the windows in which each is novel; null for a page of one record.</summary>
    public ulong[]? List;
    public uint[]? ListNovel;

    /// <summary>The records of a list before this place add to scores.</summary>
    public int ScoredUntil;

    /// <summary>The windows it is charged to, and those in which <see cref="Record"/> is novel, a bit each.</summary>
    public uint Charge;
    public uint Novel;

    /// <summary>The scores to which <see cref="Record"/> adds once more, as its number lies beside one shown before; and whether the other nodes were told.</summary>
    public uint Neighbour;
    public int ToldNeighbours;

    /// <summary>The kind of the record, hashed.</summary>
    public uint Kind;
    public int Views;

    /// <summary>What it took of the allowance of a step-up.</summary>
    public int Allowance;

    /// <summary>Whether it is past a limit and admitted by a completed step-up.</summary>
    public bool IsGranted;

    /// <summary>Whether the other nodes need not be told of it sooner than within a second.</summary>
    public bool MayRest;

    /// <summary>Whether the other nodes were told of it already.</summary>
    public bool IsAnnounced;

    /// <summary>Whether the other nodes were told, or are about to be, that it shows <see cref="Record"/>; and of a list, each record.</summary>
    public bool IsClaimed;
    public bool[]? ListClaimed;

    /// <summary>The sequence of the entry that announced it; 0 while that is not written.</summary>
    public uint ToldIn;

    /// <summary>The next flight of the subject; 0 for none.</summary>
    public int Next;

    /// <summary>How many records it asks for.</summary>
    public readonly int Records => List?.Length ?? (Record == 0 ? 0 : 1);

    public readonly ulong RecordAt(int index) => List is null ? Record : List[index];

    public readonly uint NovelAt(int index) => ListNovel is null ? Novel : ListNovel[index];

    /// <summary>Whether it reserves a record.</summary>
    public readonly bool IsNovel => ListNovel is null ? Novel != 0 : ListNovel.AsSpan().ContainsAnyExcept(0u);

    public readonly bool IsClaimedAt(int index) => List is null ? IsClaimed : ListClaimed?[index] ?? false;

    public void SetClaimed(int index, bool isClaimed)
    {
        if (List is null)
            IsClaimed = isClaimed;
        else
            (ListClaimed ??= new bool[List.Length])[index] = isClaimed;
    }

    public void SetNovel(int index, uint bits)
    {
        if (ListNovel is null)
            Novel = bits;
        else
            ListNovel[index] = bits;
    }

    /// <summary>Moves the bits of windows to the places they have in another layout.</summary>
    public void Relabel(Func<uint, uint> move)
    {
        Charge = move(Charge);
        Novel = move(Novel);
        Neighbour = move(Neighbour);
        for (var index = 0; index < ListNovel?.Length; index++)
            ListNovel[index] = move(ListNovel[index]);
    }

    public readonly int IndexOf(ulong record) => List is null ? (Record == record && record != 0 ? 0 : -1) : Array.IndexOf(List, record);
}
