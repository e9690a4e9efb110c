using System.Buffers.Binary;

namespace ScrapeGuard.Counting.Log;

/// <summary>
/// Reads a log: entries one after another, each its length (4), its layout (1), events, and its mark: the incarnation (4) and the sequence (4) of who wrote
/// it. Never throws and never reads too far: what it does not understand ends the reading.
/// </summary>
internal ref struct LogReader(ReadOnlySpan<byte> log)
{
    public const byte Layout = 3;
    public const int HeadLength = 5;
    public const int MarkLength = 8;

    private ReadOnlySpan<byte> entries = log;
    private ReadOnlySpan<byte> events;

    /// <summary>Whether something was not understood.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Which start of which node wrote the entry.</summary>
    public readonly uint Incarnation => (uint)Mark;

    /// <summary>Which of that node's entries it is.</summary>
    public readonly uint Sequence => (uint)(Mark >> 32);

    /// <summary>What tells the entry from all others: its last eight bytes.</summary>
    public ulong Mark { get; private set; }

    /// <summary>How many bytes there are after the entry.</summary>
    public readonly int Left => entries.Length;

    public bool NextEntry()
    {
        events = default;
        if (IsMalformed || entries.IsEmpty)
            return false;
        var length = entries.Length < HeadLength + MarkLength ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(entries);
        if (length < HeadLength + MarkLength || length > entries.Length || entries[4] != Layout)
        {
            IsMalformed = true;
            return false;
        }

        Mark = BinaryPrimitives.ReadUInt64LittleEndian(entries[((int)length - MarkLength)..]);
        events = entries[HeadLength..((int)length - MarkLength)];
        entries = entries[(int)length..];
        return true;
    }

    /// <summary>The next event of the entry.</summary>
    public bool NextEvent(out LogEvent next)
    {
        next = default;
        if (IsMalformed || events.IsEmpty)
            return false;
        if (!LogEvent.TryRead(events, out next))
        {
            IsMalformed = true;
            return false;
        }

        events = events[next.Length..];
        return true;
    }

    /// <summary>The mark of an entry.</summary>
    public static ulong MarkOf(uint incarnation, uint sequence) => ((ulong)sequence << 32) | incarnation;

    /// <summary>The mark of the last entry.</summary>
    public static ulong LastMark(ReadOnlySpan<byte> log) => BinaryPrimitives.ReadUInt64LittleEndian(log[^MarkLength..]);

    /// <summary>Whether a log contains an entry, as it was written or in a snapshot. A node appends its entries for a subject in the order of their sequences.</summary>
    public static bool Holds(ReadOnlySpan<byte> log, ulong mark)
    {
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            if (reader.Mark == mark)
                return true;
            while (reader.NextEvent(out var next))
            {
                if (next.Contains(mark))
                    return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a log is one that was known up to a mark: as it was, or put together since. In another log, which began when that one was lost, the entry may
    /// have been appended again, by whoever had no answer: not in its old place, and with no snapshot before it.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="mark">The mark.</param>
    /// <param name="length">The length up to there, as it was known.</param>
    public static bool Continues(ReadOnlySpan<byte> log, ulong mark, int length)
    {
        var isPutTogether = false;
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
            {
                isPutTogether |= next.Type == LogEventType.Applied;
                if (next.Contains(mark))
                    return true;
            }

            if (reader.Mark == mark)
                return isPutTogether || log.Length - reader.Left == length;
        }

        return false;
    }

    /// <summary>
    /// When the subject of a log was last let go; 0 for never. What happened before counts no more, wherever in the log it stands: who let the subject go did
    /// not know all of the log.
    /// </summary>
    public static long ForgottenAt(ReadOnlySpan<byte> log)
    {
        var at = 0L;
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
                at = next.Type == LogEventType.Forget ? Math.Max(at, next.Time) : at;
        }

        return at;
    }

    /// <summary>Whether all of a log is understood.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> log)
    {
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out _))
            {
                // To the end.
            }
        }

        return !reader.IsMalformed;
    }
}
