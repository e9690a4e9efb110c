using System.Buffers.Binary;
using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// What a node knows of the log of one subject and wants in it, and the answer. Used again and again: each time the answer is replaced, and nothing else.
/// </summary>
internal sealed class LogExchange
{
    // A damaged log is read whole until it is mended: its last bytes are no mark, and what follows them nobody can read.
    private const ulong NoMark = ulong.MaxValue;

    private byte[] key = [];
    private SubjectKey keyOf;
    private bool isExpiryDue = true;

    public SubjectKey Subject { get; set; }

    /// <summary>How many bytes of the log the node knows; 0 where it does not know it.</summary>
    public int Known { get; set; }

    /// <summary>Whether the node knows an entry; bytes too few to be one are not known.</summary>
    public bool IsKnown => Known >= LogReader.MarkLength;

    /// <summary>The mark of the last entry it knows.</summary>
    public ulong Mark { get; set; }

    /// <summary>
    /// The entry to append; empty to read only. Its bytes stay as they are until it is answered, for a command that took too long may still be on its way.
    /// </summary>
    public ReadOnlyMemory<byte> Entry { get; set; }

    /// <summary>How long the log is kept once the entry is appended, in milliseconds; 0 to leave that as it is.</summary>
    public long TimeToLive { get; set; }

    /// <summary>Whether <see cref="TimeToLive"/> is to be said: that costs Redis half as much as the rest. A log that is not known may be a new one.</summary>
    public bool IsExpiryDue
    {
        get => isExpiryDue || !IsKnown;
        set => isExpiryDue = value;
    }

    public LogStatus Status { get; private set; }

    /// <summary>What others appended; or the whole log, before the entry was appended to it.</summary>
    public ReadOnlyMemory<byte> News { get; private set; }

    /// <summary>How long the log is now, in bytes; what is known next time.</summary>
    public int Length { get; private set; }

    /// <summary>The mark of the last entry of the log as it is now; what is known next time.</summary>
    public ulong LastMark { get; private set; }

    /// <summary>Whether the log now holds the entry, where it can be read.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Whether something in the answer is not understood. What is appended after it nobody can read: a snapshot mends the log.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The key of the log, in bytes that are used again for the next subject.</summary>
    public byte[] KeyFor(LogKeys keys)
    {
        if (key.Length == keys.Length && keyOf == Subject)
            return key;
        if (key.Length != keys.Length)
            key = new byte[keys.Length];
        keys.Write(Subject, key);
        keyOf = Subject;
        return key;
    }

    /// <summary>Has the key written to other bytes from now on: those of before may still be on their way.</summary>
    public void LeaveKey() => key = [];

    /// <summary>Lets go of the entry and of the answer, which is part of the answer to many.</summary>
    public void LetGo() => (Entry, News) = (default, default);

    /// <summary>Takes the answer back, or what was left of the last one.</summary>
    public void Reset()
    {
        Status = LogStatus.Unanswered;
        News = default;
        (Length, LastMark, IsHeld, IsDamaged) = (Known, Mark, false, false);
    }

    public void Answer(LogStatus status, ReadOnlyMemory<byte> news)
    {
        Status = status;
        News = news;
        IsDamaged = !LogReader.IsWellFormed(news.Span);
        switch (status)
        {
            case LogStatus.News:
                var isAmongThem = Entry.IsEmpty || news.Span.IndexOf(Entry.Span) >= 0;
                Set(Known + news.Length + (isAmongThem ? 0 : Entry.Length), isAmongThem ? news : Entry, !IsDamaged);
                break;
            case LogStatus.Whole:
                Set(news.Length, news, !Entry.IsEmpty && LogReader.Holds(news.Span, MarkOf(Entry)));
                break;
            case LogStatus.WholeAppended:
                Set(news.Length + Entry.Length, Entry, !IsDamaged);
                break;
            case LogStatus.Lost:
                Set(0, default, false);
                break;
            default:
                Set((IsKnown ? Known : 0) + Entry.Length, Entry, true);
                LastMark = Entry.IsEmpty ? Mark : LastMark;
                break;
        }
    }

    private void Set(int length, ReadOnlyMemory<byte> last, bool isHeld) =>
        (Length, LastMark, IsHeld) = (length, IsDamaged ? NoMark : MarkOf(last), isHeld);

    private static ulong MarkOf(ReadOnlyMemory<byte> entries) =>
        entries.IsEmpty ? NoMark : BinaryPrimitives.ReadUInt64LittleEndian(entries.Span[^LogReader.MarkLength..]);
}
