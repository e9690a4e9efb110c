using System.Buffers.Binary;
using CsCheck;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Log;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Log;

public class LogCodecTests
{
    private const long Now = 1_700_000_000_000;
    private static readonly Window Hourly = new(WindowCount.Records, 3_600_000, Kind: 77, Charge: WindowCharge.All);

    [Fact]
    public void An_entry_of_every_event_reads_back_as_it_was_written()
    {
        var labels = LogCharge.LabelsOf([Hourly, new Window(WindowCount.Views, 60_000)]);
        var slots = SlidingWindow.From([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ushort.MaxValue], 5_666_666);
        var writer = new LogWriter();
        Assert.True(writer.IsEmpty);
        writer.Record(Now, 11, new LogCharge(ChargeForm.Every, 77));
        writer.Withdraw(Now + 1, 12);
        writer.Counts(Now + 2, new LogCharge(ChargeForm.Listed, 78, labels), new LogCounts(1, -2, 3, -4, short.MaxValue));
        writer.Account(13, Now + 3, Now + 4, true);
        writer.Grant(Now + 5, 60_000, Now + 6);
        writer.AllowanceUsed(-7);
        writer.Forget(Now + 8);
        writer.Slots(Hourly, slots);
        writer.Applied(14, 3, uint.MaxValue);
        Assert.False(writer.IsEmpty);

        var reader = new LogReader(writer.End(15, 16).Span);
        Assert.True(reader.NextEntry());
        Assert.Equal((15u, 16u, (16UL << 32) | 15), (reader.Incarnation, reader.Sequence, reader.Mark));
        var next = Next(ref reader, LogEventType.Record);
        Assert.Equal((Now, 11UL, ChargeForm.Every, 77u), (next.Time, next.Fingerprint, next.Charge.Form, next.Charge.Kind));
        next = Next(ref reader, LogEventType.Withdraw);
        Assert.Equal((Now + 1, 12UL), (next.Time, next.Fingerprint));
        next = Next(ref reader, LogEventType.Counts);
        Assert.Equal((Now + 2, ChargeForm.Listed, 78u), (next.Time, next.Charge.Form, next.Charge.Kind));
        Assert.Equal(labels, next.Charge.Labels.ToArray());
        Assert.Equal(new LogCounts(1, -2, 3, -4, short.MaxValue), next.Counts);
        next = Next(ref reader, LogEventType.Account);
        Assert.Equal((13UL, Now + 3, Now + 4, true), (next.Fingerprint, next.FirstSeen, next.LastSeen, next.IsWarned));
        next = Next(ref reader, LogEventType.Grant);
        Assert.Equal((Now + 5, 60_000, Now + 6), (next.Time, next.Allowance, next.Until));
        Assert.Equal(-7, Next(ref reader, LogEventType.AllowanceUsed).Units);
        Assert.Equal(Now + 8, Next(ref reader, LogEventType.Forget).Time);
        next = Next(ref reader, LogEventType.Slots);
        Assert.Equal((Hourly, slots.Newest, slots.Total), (next.Window, next.Slots.Newest, next.Slots.Total));
        next = Next(ref reader, LogEventType.Applied);
        Assert.Equal((14u, 3u, uint.MaxValue), (next.Incarnation, next.FirstSequence, next.Sequence));
        Assert.False(reader.NextEvent(out _));
        Assert.False(reader.NextEntry());
        Assert.False(reader.IsMalformed);
    }

    [Fact]
    public void Counts_too_large_for_one_event_are_written_as_several()
    {
        var writer = new LogWriter();
        var counts = new LogCounts(70_000, -40_000, 1, 0, short.MaxValue);
        writer.Counts(Now, new LogCharge(ChargeForm.Every, 0), counts);
        writer.AllowanceUsed(-100_000);
        var reader = new LogReader(writer.End(1, 1).Span);
        var (sum, used) = (default(LogCounts), 0);
        Assert.True(reader.NextEntry());
        while (reader.NextEvent(out var next))
        {
            if (next.Type == LogEventType.Counts)
                sum += next.Counts;
            else
                used += next.Units;
        }

        Assert.Equal((counts, -100_000), (sum, used));
    }

    [Fact]
    public void An_event_is_charged_to_the_windows_that_its_form_names()
    {
        var strangers = Hourly with { Charge = WindowCharge.Strangers };
        var anyKind = Hourly with { Kind = 0 };
        var raw = new Window(WindowCount.RawViews, 60_000);
        Assert.True(new LogCharge(ChargeForm.Every, 77).Charges(strangers));
        Assert.False(new LogCharge(ChargeForm.Every, 78).Charges(strangers));
        Assert.True(new LogCharge(ChargeForm.AllViews, 78).Charges(anyKind));
        Assert.False(new LogCharge(ChargeForm.AllViews, 77).Charges(strangers));
        Assert.True(new LogCharge(ChargeForm.Listed, 77, LogCharge.LabelsOf([raw, strangers])).Charges(strangers));
        Assert.False(new LogCharge(ChargeForm.Listed, 77, LogCharge.LabelsOf([raw, strangers])).Charges(anyKind));
        Assert.True(new LogCharge(ChargeForm.AllViews, 77).Charges(raw));
    }

    [Fact]
    public void A_log_holds_the_entries_it_lists_and_those_that_a_snapshot_says_it_applied()
    {
        var writer = new LogWriter();
        byte[] log = [.. writer.End(1, 10).Span];
        writer.Begin();
        writer.Applied(2, 15, 20);
        log = [.. log, .. writer.End(3, 30).Span];
        foreach (var (incarnation, sequence, isHeld) in new[] { (1u, 10u, true), (1u, 9u, false), (2u, 20u, true), (2u, 15u, true), (2u, 14u, false), (2u, 21u, false), (3u, 30u, true), (3u, 20u, false) })
            Assert.Equal(isHeld, LogReader.Holds(log, LogReader.MarkOf(incarnation, sequence)));
    }

    [Fact]
    public void A_log_goes_on_where_a_mark_is_in_its_place_or_a_snapshot_stands_before_it()
    {
        var writer = new LogWriter();
        byte[] entry = [.. writer.End(1, 10).Span];
        writer.Begin();
        writer.Applied(2, 15, 20);
        byte[] snapshot = [.. writer.End(3, 30).Span];
        var mark = LogReader.MarkOf(1, 10);
        Assert.True(LogReader.Continues(entry, mark, entry.Length));
        Assert.False(LogReader.Continues(entry, mark, 2 * entry.Length));
        Assert.True(LogReader.Continues([.. snapshot, .. entry], mark, 500));
        Assert.True(LogReader.Continues(snapshot, LogReader.MarkOf(2, 15), 500));
        Assert.False(LogReader.Continues(snapshot, LogReader.MarkOf(2, 14), 500));
    }

    [Fact]
    public void Whatever_the_bytes_reading_ends_and_says_whether_it_understood_all()
    {
        Gen.Select(Logs.Log, Gen.Int[0, 4000], Gen.Int[0, 4000], Gen.Byte, Gen.Byte.Array[0, 60]).Sample(
            (log, cut, place, value, noise) =>
            {
                Read(noise);
                Read([.. log, .. noise]);
                Read(log.AsSpan(0, cut % (log.Length + 1)));
                Assert.True(LogReader.IsWellFormed(log));
                if (log.Length == 0)
                    return;
                log[place % log.Length] = value;
                Read(log);
            },
            iter: 20_000);
    }

    [Fact]
    public void Noise_inside_an_entry_ends_the_reading_there()
    {
        Gen.Byte.Array[0, 80].Sample(
            noise =>
            {
                byte[] entry = [0, 0, 0, 0, LogReader.Layout, .. noise, 1, 0, 0, 0, 1, 0, 0, 0];
                BinaryPrimitives.WriteInt32LittleEndian(entry, entry.Length);
                Read(entry);
            },
            iter: 20_000);
    }

    [Fact]
    public void A_truncated_log_is_read_up_to_the_cut()
    {
        var writer = new LogWriter();
        writer.Withdraw(Now, 1);
        byte[] log = [.. writer.End(1, 1).Span, .. writer.End(1, 2).Span];
        var reader = new LogReader(log.AsSpan(0, log.Length - 1));
        Assert.True(reader.NextEntry());
        Assert.False(reader.NextEntry());
        Assert.True(reader.IsMalformed);
        Assert.False(reader.NextEntry());
    }

    [Fact]
    public void Writing_and_reading_again_allocates_nothing()
    {
        var writer = new LogWriter();
        WriteAndRead(writer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 100; time++)
            WriteAndRead(writer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void WriteAndRead(LogWriter writer)
        {
            writer.Begin();
            writer.Record(Now, 1, new LogCharge(ChargeForm.Every, 1));
            writer.Counts(Now, new LogCharge(ChargeForm.AllViews, 1), new LogCounts(Views: 1));
            writer.Slots(Hourly, default);
            Read(writer.End(1, 1).Span);
        }
    }

    private static LogEvent Next(ref LogReader reader, LogEventType type)
    {
        Assert.True(reader.NextEvent(out var next));
        Assert.Equal(type, next.Type);
        return next;
    }

    /// <summary>Touches every member of every event.</summary>
    private static long Read(ReadOnlySpan<byte> log)
    {
        var reader = new LogReader(log);
        var sum = 0L;
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
            {
                sum += next.Type switch
                {
                    LogEventType.Record => next.Time + (long)next.Fingerprint + next.Charge.Labels.Length + (next.Charge.Charges(Hourly) ? 1 : 0),
                    LogEventType.Withdraw => next.Time + (long)next.Fingerprint,
                    LogEventType.Counts => next.Time + next.Charge.Kind + next.Counts.RawRecords,
                    LogEventType.Account => (long)next.Fingerprint + next.FirstSeen + next.LastSeen + (next.IsWarned ? 1 : 0),
                    LogEventType.Grant => next.Time + next.Allowance + next.Until,
                    LogEventType.AllowanceUsed => next.Units,
                    LogEventType.Forget => next.Time,
                    LogEventType.Slots => next.Window.SubWindow + next.Slots.Total,
                    _ => next.Incarnation + next.Sequence,
                };
            }
        }

        return sum;
    }
}
