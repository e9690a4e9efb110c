namespace ScrapeGuard.Counting.Log;

/// <summary>The slots of a log: of each window the maximum of what was given.</summary>
internal sealed class SnapshotSlots
{
    private readonly List<Window> windows = [];
    private readonly List<SlidingWindow> counts = [];

    public void Clear()
    {
        windows.Clear();
        counts.Clear();
    }

    public void Merge(in Window window, SlidingWindow given)
    {
        var index = windows.IndexOf(window);
        if (index < 0)
        {
            windows.Add(window);
            counts.Add(given);
            return;
        }

        var before = counts[index];
        MoveTo(given.Newest, ref before);
        MoveTo(before.Newest, ref given);
        counts[index] = Max(before, given);
    }

    public void Write(LogWriter writer, long now)
    {
        for (var index = 0; index < windows.Count; index++)
        {
            var isGone = counts[index].Newest + SlidingWindow.Slots <= windows[index].IndexAt(now);
            if (!isGone && counts[index].Total > 0)
                writer.Slots(windows[index], counts[index]);
        }
    }

    private static void MoveTo(long newest, ref SlidingWindow slots)
    {
        if (newest > slots.Newest)
            slots.Advance(newest);
    }

    private static SlidingWindow Max(in SlidingWindow left, in SlidingWindow right)
    {
        Span<ushort> most = stackalloc ushort[SlidingWindow.Slots];
        Span<ushort> others = stackalloc ushort[SlidingWindow.Slots];
        left.CopyTo(most);
        right.CopyTo(others);
        for (var slot = 0; slot < most.Length; slot++)
            most[slot] = Math.Max(most[slot], others[slot]);
        return SlidingWindow.From(most, left.Newest);
    }
}
