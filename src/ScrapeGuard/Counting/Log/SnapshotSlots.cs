namespace ScrapeGuard.Counting.Log;

/// <summary>The slots of a log: of each window the maximum of what was given, and what was counted after that.</summary>
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

    /// <summary>Adds to each window as much as is its.</summary>
    public void Add(long time, Func<Window, int> eventsOf)
    {
        for (var index = 0; index < windows.Count; index++)
            Add(index, time, eventsOf(windows[index]));
    }

    /// <summary>Counts what a window counted at some times at others.</summary>
    public void Move(Func<Window, IEnumerable<long>> from, Func<Window, IEnumerable<long>> to)
    {
        for (var index = 0; index < windows.Count; index++)
        {
            foreach (var before in from(windows[index]))
                Add(index, before, -1);
            foreach (var after in to(windows[index]))
                Add(index, after, 1);
        }
    }

    /// <summary>
    /// Whether two times are in one slot of every window here. Where they are not, merging them would have folding take the maximum of two slots that hold
    /// the same views, and so count them twice.
    /// </summary>
    public bool AreInOneSlot(long time, long other)
    {
        foreach (var window in windows)
        {
            if (window.IndexAt(time) != window.IndexAt(other))
                return false;
        }

        return true;
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

    private void Add(int index, long time, int events)
    {
        if (events == 0)
            return;
        var slot = windows[index].IndexAt(time);
        var changed = counts[index];
        MoveTo(slot, ref changed);
        changed.Add(slot, events);
        counts[index] = changed;
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
