using System.Buffers.Binary;

namespace ScrapeGuard.Counting.Log;

/// <summary>One event of a log. A member means something only for the types it names.</summary>
internal readonly ref struct LogEvent
{
    // After the type: time (6) and fingerprint (8), or another order where the members below say so.
    private const int AfterTime = 1 + LogTime.Length;
    private const int AfterFingerprint = AfterTime + sizeof(ulong);

    /// <summary>Five numbers of two bytes, and one of a byte.</summary>
    public const int CountsLength = (5 * sizeof(short)) + sizeof(sbyte);

    private readonly ReadOnlySpan<byte> bytes;

    private LogEvent(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public LogEventType Type => (LogEventType)bytes[0];

    /// <summary>How many bytes it takes.</summary>
    public int Length => bytes.Length;

    /// <summary>Record, Shown, Restored, Withdraw, Counts, Grant, Forget: when, in milliseconds since 1970.</summary>
    public long Time => LogTime.Read(bytes[1..]);

    /// <summary>Record, Shown, Restored, Withdraw: which record. Account: which account.</summary>
    public ulong Fingerprint => BinaryPrimitives.ReadUInt64LittleEndian(bytes[(Type == LogEventType.Account ? 1 : AfterTime)..]);

    /// <summary>Record, Shown, Restored, Counts: the windows charged.</summary>
    public LogCharge Charge => ChargeAt(bytes[(Type == LogEventType.Counts ? AfterTime : AfterFingerprint)..]);

    /// <summary>Counts: what to add.</summary>
    public LogCounts Counts
    {
        get
        {
            var counts = bytes[^CountsLength..];
            return new(Short(counts), Short(counts[2..]), Short(counts[4..]), Short(counts[6..]), Short(counts[8..]), (sbyte)counts[10]);
        }
    }

    /// <summary>Account: when it was seen first.</summary>
    public long FirstSeen => LogTime.Read(bytes[9..]);

    /// <summary>Account: when it was seen last.</summary>
    public long LastSeen => LogTime.Read(bytes[15..]);

    /// <summary>Account: whether it is warned.</summary>
    public bool IsWarned => bytes[21] != 0;

    /// <summary>Grant: how many records.</summary>
    public int Allowance => BinaryPrimitives.ReadUInt16LittleEndian(bytes[7..]);

    /// <summary>Grant: until when.</summary>
    public long Until => LogTime.Read(bytes[9..]);

    /// <summary>AllowanceUsed: how much; less than 0 where it was given back.</summary>
    public int Units => Short(bytes[1..]);

    /// <summary>Slots: of which window.</summary>
    public Window Window => WindowLabel.Read(bytes[1..]);

    /// <summary>Slots: what that window holds at least.</summary>
    public SlidingWindow Slots
    {
        get
        {
            Span<ushort> slots = stackalloc ushort[SlidingWindow.Slots];
            for (var slot = 0; slot < slots.Length; slot++)
                slots[slot] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(19 + (2 * slot))..]);
            return SlidingWindow.From(slots, LogTime.Read(bytes[13..]));
        }
    }

    /// <summary>Applied: which start of which node.</summary>
    public uint Incarnation => BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);

    /// <summary>Applied: up to which of its entries.</summary>
    public uint Sequence => BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]);

    /// <summary>Applied: from which of its entries on. Those before were in other logs, which are lost.</summary>
    public uint FirstSequence => BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]);

    /// <summary>Whether a snapshot says that it contains an entry.</summary>
    public bool Contains(ulong mark) =>
        Type == LogEventType.Applied && Incarnation == (uint)mark && Sequence >= (uint)(mark >> 32) && FirstSequence <= (uint)(mark >> 32);

    /// <summary>The event at the beginning of these bytes; false where they hold none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LogEvent read)
    {
        var length = LengthAt(bytes);
        read = length > 0 && length <= bytes.Length ? new LogEvent(bytes[..length]) : default;
        return read.Length > 0 && (read.Type != LogEventType.Slots || read.Window.Milliseconds > 0);
    }

    private static int LengthAt(ReadOnlySpan<byte> bytes) => (LogEventType)bytes[0] switch
    {
        LogEventType.Record or LogEventType.Shown or LogEventType.Restored => LengthWithCharge(bytes, AfterFingerprint, 0),
        LogEventType.Withdraw => AfterFingerprint,
        LogEventType.Counts => LengthWithCharge(bytes, AfterTime, CountsLength),
        LogEventType.Account => 22,
        LogEventType.Grant => 15,
        LogEventType.AllowanceUsed => 3,
        LogEventType.Forget => AfterTime,
        LogEventType.Slots => 19 + (2 * SlidingWindow.Slots),
        LogEventType.Applied => 13,
        _ => 0,
    };

    private static int LengthWithCharge(ReadOnlySpan<byte> bytes, int before, int after)
    {
        const byte Most = (byte)(ChargeForm.Anonymous | ChargeForm.Warned | ChargeForm.Newcomers | ChargeForm.Swept | ChargeForm.Listed);
        if (bytes.Length < before + 5 || bytes[before] > Most || ((ChargeForm)bytes[before] & ChargeForm.Regular) == ChargeForm.Regular)
            return 0;
        if (((ChargeForm)bytes[before] & ChargeForm.Regular) != ChargeForm.Listed)
            return before + 5 + after;
        return bytes.Length == before + 5 ? 0 : before + 6 + (sizeof(uint) * bytes[before + 5]) + after;
    }

    private static LogCharge ChargeAt(ReadOnlySpan<byte> bytes)
    {
        var form = (ChargeForm)bytes[0];
        var labels = (form & ChargeForm.Regular) == ChargeForm.Listed ? bytes.Slice(6, sizeof(uint) * bytes[5]) : default;
        return new LogCharge(form, BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]), labels);
    }

    private static short Short(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadInt16LittleEndian(at);
}
