namespace ScrapeGuard.Counting.Log;

/// <summary>
/// What was in a log that is lost, by what several nodes say that they knew of it: slots, and the records that are counted in them. Nodes knew different parts
/// of it, or of two logs that were lost one after the other: a record that one of them did not know is counted besides, and of views the more.
/// </summary>
internal sealed class LostSlots
{
    private readonly SnapshotCharges charges = new();
    private readonly Dictionary<ulong, long> known = [];
    private readonly List<(long Time, int Charge)> added = [];
    private readonly List<Window> windows = [];
    private readonly List<SlidingWindow> counts = [];
    private long forgottenAt;

    /// <summary>Somebody else begins to tell: all the records, then the slots.</summary>
    public void Begin() => added.Clear();

    /// <summary>A record that is counted in the slots that follow.</summary>
    public void Add(ulong record, long time, LogCharge charge)
    {
        var isKnown = known.TryGetValue(record, out var before) && Math.Abs(time - before) < SubjectState.NoveltyMilliseconds;
        known[record] = Math.Max(time, before);

        // Its time is known to a tick: no earlier than it counts, or it would count once more as something that came since.
        if (!isKnown)
            added.Add((time + SubjectBlock.TickMilliseconds, charges.NumberOf(charge)));
    }

    public void Raise(in Window window, SlidingWindow given)
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
        if (window.CountsRecords)
        {
            foreach (var (time, charge) in added)
            {
                if (charges[charge].Charges(window))
                    before.Add(window.IndexAt(time), 1);
            }
        }

        counts[index] = Most(before, given);
    }

    /// <summary>The subject was let go: of slots it is not known when what they count happened. Who tells of that again, and of slots after it, clears nothing.</summary>
    public void Forget(long time)
    {
        if (time <= forgottenAt)
            return;
        forgottenAt = time;
        known.Clear();
        added.Clear();
        windows.Clear();
        counts.Clear();
    }

    /// <summary>What a window held; null where nobody said.</summary>
    public SlidingWindow? Of(in Window window) => windows.IndexOf(window) is >= 0 and var index ? counts[index] : null;

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

    /// <summary>
    /// Slots that hold, of what came since any time, as much as the fuller ones. Nodes may count one event at two times that lie close together: slot by slot it
    /// would count twice.
    /// </summary>
    private static SlidingWindow Most(in SlidingWindow left, in SlidingWindow right)
    {
        Span<ushort> slots = stackalloc ushort[SlidingWindow.Slots];
        Span<ushort> others = stackalloc ushort[SlidingWindow.Slots];
        left.CopyTo(slots);
        right.CopyTo(others);
        var (here, there, before) = (0, 0, 0);
        for (var slot = slots.Length - 1; slot >= 0; slot--)
        {
            here += slots[slot];
            there += others[slot];
            slots[slot] = (ushort)(Math.Max(here, there) - before);
            before = Math.Max(here, there);
        }

        return SlidingWindow.From(slots, left.Newest);
    }
}
