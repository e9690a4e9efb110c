namespace ScrapeGuard.Counting.Log;

/// <summary>The counts of a log, merged per charge into buckets of time that are the wider the longer ago they are.</summary>
internal sealed class SnapshotCounts(SnapshotCharges charges)
{
    // A slot of a window holds no more.
    private const int Most = ushort.MaxValue;

    private readonly List<Counted> counted = [];

    public void Add(long time, LogCharge charge, LogCounts counts)
    {
        var number = charges.NumberOf(charge);
        counted.Add(new Counted(number, time, counts));
    }

    /// <summary>Counts a record that is listed no longer.</summary>
    public void AddUnlisted(long time, int charge) => counted.Add(new Counted(charge, time, new LogCounts(Records: 1)));

    public void Write(LogWriter writer, long now, long memoryMilliseconds)
    {
        Counted? bucket = null;
        foreach (var next in counted.Where(next => next.Time > now - memoryMilliseconds).OrderBy(next => next.Charge).ThenBy(next => next.Time))
        {
            if (bucket is { } open && AreInOneBucket(open, next, now))
            {
                bucket = next with { Counts = (open.Counts + next.Counts).Within(Most, Most) };
                continue;
            }

            Write(writer, bucket);
            bucket = next;
        }

        Write(writer, bucket);
    }

    private void Write(LogWriter writer, Counted? bucket)
    {
        if (bucket is { Counts.IsEmpty: false } whole)
            writer.Counts(whole.Time, charges[whole.Charge], whole.Counts);
    }

    private static bool AreInOneBucket(in Counted before, in Counted next, long now)
    {
        var width = WidthAt(now - before.Time);
        return before.Charge == next.Charge && width == WidthAt(now - next.Time) && before.Time / width == next.Time / width;
    }

    /// <summary>
    /// The largest power of two in a 48th of the age, a quarter of a sub-window: buckets of one width lie whole in those of the next, so that merging again
    /// and again moves nothing by more than one width.
    /// </summary>
    private static long WidthAt(long age)
    {
        var most = age / (4 * SlidingWindow.SubWindows);
        return most < 2 ? 1 : 1L << (int)long.Log2(most);
    }

    private readonly record struct Counted(int Charge, long Time, LogCounts Counts);
}
