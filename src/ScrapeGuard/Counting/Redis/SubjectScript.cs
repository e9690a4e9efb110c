using System.Buffers.Binary;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>The arguments of subject.lua and its answer, packed little-endian as the head of that file lists them.</summary>
internal static class SubjectScript
{
    /// <summary>The layout of the packed value, a part of every key: nodes with another layout share nothing with these.</summary>
    public const string LayoutVersion = "1";

    private const int LabelLength = 12;
    private const int WindowLength = 6 + (2 * SlidingWindow.Slots) + 2;
    private const int TailLength = 22;

    public static string Text { get; } = EmbeddedScript.Read("subject.lua");

    public static RedisKey[] Keys(string prefix, SubjectKey subject)
    {
        // The hash in braces is the hash tag of Redis Cluster: both keys of a subject live in one slot.
        var key = $"{prefix}:{LayoutVersion}:{{{NameOf(subject.Type)}:{subject.Hash:x32}}}";
        return subject.Type == SubjectType.Address ? [key, key + ":accounts"] : [key];
    }

    public static RedisValue[] Reserve(SubjectReservation view) =>
    [
        "reserve", view.At, Labels(view.Windows), Number(view.Id), view.Views, (long)view.Charge, Numbers(view.Records), Maxima(view.Maxima),
        view.Account == 0 ? RedisValue.EmptyString : Number(view.Account), view.AccountIsWarned ? 1 : 0,
    ];

    public static RedisValue[] Settle(SubjectReservation view, Settlement settlement, long now) =>
    [
        "settle", now, Labels(view.Windows), Number(view.Id), view.At, view.Views, (long)view.Charge, Numbers(view.Records), (int)settlement.Outcome,
        settlement.MoreViews, settlement.RawRecords, settlement.MostRecords,
    ];

    public static RedisValue[] Grant(WindowSet windows, StepUpOptions stepUp, long now) =>
        ["grant", now, Labels(windows), stepUp.Allowance, now + (long)stepUp.Lifetime.TotalMilliseconds, stepUp.MaxPerDay];

    public static RedisValue[] Read(WindowSet windows, long now) => ["read", now, Labels(windows)];

    /// <summary>The reading in an answer; null for one of another layout.</summary>
    public static SubjectReading? Parse(ReadOnlySpan<byte> answer, WindowSet windows, long now)
    {
        if (answer.Length != (windows.Count * WindowLength) + TailLength)
            return null;
        var counts = new WindowReading[windows.Count];
        Span<ushort> slots = stackalloc ushort[SlidingWindow.Slots];
        for (var index = 0; index < counts.Length; index++, answer = answer[WindowLength..])
        {
            for (var slot = 0; slot < slots.Length; slot++)
                slots[slot] = BinaryPrimitives.ReadUInt16LittleEndian(answer[(6 + (2 * slot))..]);
            counts[index] = new WindowReading(SlidingWindow.From(slots, Time(answer)), BinaryPrimitives.ReadUInt16LittleEndian(answer[(WindowLength - 2)..]));
        }

        return new SubjectReading
        {
            Windows = windows,
            At = now,
            Counts = counts,
            Novel = BinaryPrimitives.ReadUInt16LittleEndian(answer),
            IsGranted = answer[2] != 0,
            AllowanceLeft = BinaryPrimitives.ReadUInt16LittleEndian(answer[3..]),
            StepUpsToday = answer[5],
            GoodAccounts = BinaryPrimitives.ReadUInt16LittleEndian(answer[6..]),
            Displayed = BinaryPrimitives.ReadUInt16LittleEndian(answer[8..]),
            AllowanceUntil = Time(answer[10..]),
            LastNovelAt = Time(answer[16..]),
        };
    }

    private static string NameOf(SubjectType type) => type switch
    {
        SubjectType.Address => "address",
        SubjectType.Session => "session",
        SubjectType.Account => "account",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static RedisValue Labels(WindowSet windows)
    {
        var packed = new byte[windows.Count * LabelLength];
        for (var index = 0; index < windows.Count; index++)
        {
            var label = packed.AsSpan(index * LabelLength, LabelLength);
            ref readonly var window = ref windows[index];
            label[0] = (byte)window.Count;
            label[1] = (byte)window.Charge;
            BinaryPrimitives.WriteUInt32LittleEndian(label[2..], window.Kind);
            BinaryPrimitives.WriteUInt32LittleEndian(label[6..], (uint)window.Milliseconds);
            BinaryPrimitives.WriteUInt16LittleEndian(label[10..], (ushort)(window.Milliseconds >> 32));
        }

        return packed;
    }

    private static RedisValue Number(ulong number) => Numbers([number]);

    private static RedisValue Numbers(ReadOnlySpan<ulong> numbers)
    {
        var packed = new byte[numbers.Length * sizeof(ulong)];
        for (var index = 0; index < numbers.Length; index++)
            BinaryPrimitives.WriteUInt64LittleEndian(packed.AsSpan(index * sizeof(ulong)), numbers[index]);
        return packed;
    }

    private static RedisValue Maxima(int[] maxima)
    {
        var packed = new byte[maxima.Length * sizeof(int)];
        for (var index = 0; index < maxima.Length; index++)
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(index * sizeof(int)), maxima[index]);
        return packed;
    }

    private static long Time(ReadOnlySpan<byte> bytes) =>
        ((long)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
