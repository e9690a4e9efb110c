using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>What is kept of every subject; its windows and records follow in the same block of memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct SubjectHead
{
    private const int TurnBits = 16;
    private const int NovelBits = 8;
    private const int TypeBits = 8;
    private const int PendingShift = 2;
    private const uint TypeMask = (1 << PendingShift) - 1;

    /// <summary>The most views that are noted before they are counted.</summary>
    public const int MostPending = (1 << (TypeBits - PendingShift)) - 1;

    /// <summary>The halves of the subject's hash.</summary>
    public ulong High;
    public ulong Low;

    /// <summary>Milliseconds since 1970.</summary>
    public long LastSeen;

    // When a record was novel last, in milliseconds, and in the low bits how many novel records are pending.
    private long novel;

    // When the windows were looked at, in milliseconds, and in the low bits for how many of them nothing moves on.
    private long turn;

    /// <summary>The mark of the last entry known of its shared log, and the length of the log up to there; 0 where it is not known.</summary>
    public ulong Mark;
    public int LogLength;

    /// <summary>The first of its views in flight, and of its events that were not sent yet; 0 for none.</summary>
    public int Flight;
    public int Unsent;

    /// <summary>Its place among the sides; 0 for none.</summary>
    public int Side;

    /// <summary>How many records it holds, and has room for.</summary>
    public ushort Shown;
    public ushort Capacity;

    /// <summary>Which windows it was laid out for.</summary>
    public ushort Layout;
    public SubjectFlags Flags;

    /// <summary>How many events were not sent yet.</summary>
    public ushort UnsentEvents;

    /// <summary>Records that a subject of this name is known to have been shown before it was forgotten for want of room.</summary>
    public ushort Inherited;

    // And how many views are pending. As one word, so that whoever reads the type without the lock reads it whole.
    private uint windowsAndType;

    public SubjectType Type
    {
        readonly get => (SubjectType)(windowsAndType & TypeMask);
        set => windowsAndType = (windowsAndType & ~TypeMask) | (byte)value;
    }

    /// <summary>When a record was novel last, in milliseconds since 1970.</summary>
    public long LastNovel
    {
        readonly get => novel >> NovelBits;
        set => novel = (value << NovelBits) | (byte)novel;
    }

    /// <summary>Views since the windows moved on last that are in no window yet.</summary>
    public int Pending
    {
        readonly get => (byte)windowsAndType >> PendingShift;
        set => windowsAndType = (windowsAndType & ~(uint)(MostPending << PendingShift)) | ((uint)value << PendingShift);
    }

    /// <summary>Novel records of an address that are in no window yet: at most as many as views are pending, and so none where none are.</summary>
    public int PendingRecords
    {
        readonly get => (byte)novel;
        set => novel = (novel & ~byte.MaxValue) | (byte)value;
    }

    /// <summary>Which of the windows lie in the block, a bit each: the others hold nothing.</summary>
    public uint Windows
    {
        readonly get => windowsAndType >> TypeBits;
        set => windowsAndType = (value << TypeBits) | (byte)windowsAndType;
    }

    /// <summary>A time in the same sub-window, of each window, as the present.</summary>
    public readonly long TurnedAt => turn >> TurnBits;

    /// <summary>Whether no window has moved on at a time: the newest slot of each is the one to count in.</summary>
    public readonly bool IsInTurn(long time) => (ulong)(time - TurnedAt) < (ushort)turn;

    /// <summary>Notes that no window moves on between two times, at most 2^16 - 1 milliseconds apart; nothing where the end is not the later one.</summary>
    public void Turn(long from, long to) => turn = (from << TurnBits) | (uint)(Math.Max(from, to) - from);
}

[Flags]
internal enum SubjectFlags : ushort
{
    None = 0,

    /// <summary>In the list of those whose news is to be sent with the next flush.</summary>
    IsTouched = 1,

    /// <summary>In an exchange that was not answered yet.</summary>
    IsExchanged = 2,

    /// <summary>In the list of those whose news is to be sent at once.</summary>
    IsUrgent = 4,

    /// <summary>The visitor of the address was seen here last, in good standing, and nothing was heard of accounts there since.</summary>
    IsVisited = 8,

    /// <summary>In the list of those with news that no limit counts: sent within ten seconds.</summary>
    IsLazy = 16,

    /// <summary>Its day's count includes what it inherited.</summary>
    HasInherited = 32,

    /// <summary>Had more news than is kept: all accounts known at it are sent.</summary>
    OwesAccounts = 64,

    /// <summary>Was viewed here while past half of a limit: what the other nodes count is asked for before the next view comes.</summary>
    IsWatched = 128,

    /// <summary>
    /// Below half of every limit, without a miss and without an allowance, when it was last looked at, views in flight left aside: while there are none, its
    /// revisits reserve nothing.
    /// </summary>
    IsCalm = 256,

    /// <summary>Some slot of a window holds more than a byte does: all of them take two.</summary>
    IsWide = 512,

    /// <summary>Half of what newcomers to the address may take is taken: each view is looked at before it is let by.</summary>
    IsWary = 1024,

    /// <summary>In the list of those whose news is sent within a second.</summary>
    IsResting = 4096,

    /// <summary>Was asked for a step-up by a score, and has not completed one: it is asked until that score has fallen to half.</summary>
    IsAsked = 2048,
}
