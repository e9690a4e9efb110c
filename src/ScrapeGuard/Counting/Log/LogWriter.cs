using System.Buffers.Binary;

namespace ScrapeGuard.Counting.Log;

/// <summary>Writes one entry of a log at a time, into memory that it uses again for the next. What <see cref="LogReader"/> reads.</summary>
internal sealed class LogWriter
{
    /// <summary>The entries of nearly all subjects are shorter.</summary>
    private const int MostKept = 1024;
    private const int Smallest = 128;

    private byte[] buffer = new byte[Smallest];
    private int length = LogReader.HeadLength;

    /// <summary>Whether the entry holds no event yet.</summary>
    public bool IsEmpty => length == LogReader.HeadLength;

    /// <summary>Whether the entry tells of accounts.</summary>
    public bool NamesAccounts { get; private set; }

    public void Begin() => (length, NamesAccounts) = (LogReader.HeadLength, false);

    public void Record(long time, ulong fingerprint, LogCharge charge) => Record(LogEventType.Record, time, fingerprint, charge);

    public void Shown(long time, ulong fingerprint, LogCharge charge) => Record(LogEventType.Shown, time, fingerprint, charge);

    public void Restored(long time, ulong fingerprint, LogCharge charge) => Record(LogEventType.Restored, time, fingerprint, charge);

    public void Withdraw(long time, ulong fingerprint)
    {
        Begin(LogEventType.Withdraw, time);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), fingerprint);
    }

    /// <summary>Writes several events where a number does not fit into one.</summary>
    public void Counts(long time, LogCharge charge, LogCounts counts)
    {
        do
        {
            var fitting = counts.Within(short.MaxValue, sbyte.MaxValue);
            Begin(LogEventType.Counts, time);
            Write(charge);
            var bytes = Take(LogEvent.CountsLength);
            BinaryPrimitives.WriteInt16LittleEndian(bytes, (short)fitting.Views);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[2..], (short)fitting.Misses);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[4..], (short)fitting.Records);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[6..], (short)fitting.RawViews);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[8..], (short)fitting.RawRecords);
            bytes[10] = (byte)(sbyte)fitting.Neighbours;
            counts -= fitting;
        }
        while (!counts.IsEmpty);
    }

    public void Account(ulong fingerprint, long firstSeen, long lastSeen, bool isWarned)
    {
        var bytes = Begin(LogEventType.Account, 21);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, fingerprint);
        LogTime.Write(bytes[8..], firstSeen);
        LogTime.Write(bytes[14..], lastSeen);
        bytes[20] = isWarned ? (byte)1 : (byte)0;
        NamesAccounts = true;
    }

    public void Grant(long time, int allowance, long until)
    {
        Begin(LogEventType.Grant, time);
        var bytes = Take(8);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)Math.Clamp(allowance, 0, ushort.MaxValue));
        LogTime.Write(bytes[2..], until);
    }

    /// <summary>Writes several events where a number does not fit into one.</summary>
    public void AllowanceUsed(int units)
    {
        do
        {
            var fitting = Math.Clamp(units, -short.MaxValue, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(Begin(LogEventType.AllowanceUsed, sizeof(short)), (short)fitting);
            units -= fitting;
        }
        while (units != 0);
    }

    public void Forget(long time) => Begin(LogEventType.Forget, time);

    public void Slots(in Window window, in SlidingWindow counts)
    {
        var bytes = Begin(LogEventType.Slots, 18 + (2 * SlidingWindow.Slots));
        WindowLabel.Write(bytes, window);
        LogTime.Write(bytes[12..], counts.Newest);
        Span<ushort> slots = stackalloc ushort[SlidingWindow.Slots];
        counts.CopyTo(slots);
        for (var slot = 0; slot < slots.Length; slot++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(18 + (2 * slot))..], slots[slot]);
    }

    public void Applied(uint incarnation, uint first, uint last)
    {
        var bytes = Begin(LogEventType.Applied, LogReader.MarkLength + sizeof(uint));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, LogReader.MarkOf(incarnation, last));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[LogReader.MarkLength..], first);
    }

    /// <summary>Writes the events of an entry once more.</summary>
    public void Append(ReadOnlySpan<byte> entry)
    {
        if (!entry.IsEmpty)
            entry[LogReader.HeadLength..^LogReader.MarkLength].CopyTo(Take(entry.Length - LogReader.HeadLength - LogReader.MarkLength));
    }

    /// <summary>The entry, finished; valid until the next one begins.</summary>
    public ReadOnlyMemory<byte> End(uint incarnation, uint sequence)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Take(LogReader.MarkLength), LogReader.MarkOf(incarnation, sequence));
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, (uint)length);
        buffer[4] = LogReader.Layout;
        return buffer.AsMemory(0, length);
    }

    /// <summary>Lets go of the memory of a long entry; the last one is valid no more.</summary>
    public void Trim()
    {
        if (buffer.Length > MostKept)
            buffer = new byte[Smallest];
    }

    private void Record(LogEventType type, long time, ulong fingerprint, LogCharge charge)
    {
        Begin(type, time);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), fingerprint);
        Write(charge);
    }

    private void Begin(LogEventType type, long time) => LogTime.Write(Begin(type, LogTime.Length), time);

    private Span<byte> Begin(LogEventType type, int bytes)
    {
        var taken = Take(1 + bytes);
        taken[0] = (byte)type;
        return taken[1..];
    }

    private void Write(LogCharge charge)
    {
        var bytes = Take(charge.Length);
        bytes[0] = (byte)charge.Form;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[1..], charge.Kind);
        if (!charge.IsListed)
            return;
        bytes[5] = checked((byte)(charge.Labels.Length / sizeof(uint)));
        charge.Labels.CopyTo(bytes[6..]);
    }

    private Span<byte> Take(int bytes)
    {
        if (length + bytes > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + bytes));
        length += bytes;
        return buffer.AsSpan(length - bytes, bytes);
    }
}
