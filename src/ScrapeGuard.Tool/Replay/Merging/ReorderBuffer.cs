using ScrapeGuard.Tool.Replay.Judging;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>
/// Puts views in the order of their time that stand in a log in the order in which requests ended: holds the last so many back, and gives the earliest of
/// them. Those of the same time keep their order.
/// </summary>
/// <param name="capacity">How many views it holds back.</param>
internal sealed class ReorderBuffer(int capacity)
{
    private readonly LoggedView[] views = new LoggedView[capacity];

    // In the order of time, from first on: the times, and where the views of them are. Twice as long, so that it is seldom moved to the front.
    private readonly long[] times = new long[capacity * 2];
    private readonly int[] places = new int[capacity * 2];
    private readonly Stack<int> free = new(Enumerable.Range(0, capacity));
    private int first;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>The time of the earliest view.</summary>
    public long Earliest => times[first];

    /// <summary>Takes a view in. There must be room.</summary>
    public void Add(in LoggedView view)
    {
        if (first + Count == times.Length)
            MoveToFront();
        var place = free.Pop();
        views[place] = view;
        var at = PlaceOf(view.At);
        var end = first + Count;
        if (at < end)
        {
            Array.Copy(times, at, times, at + 1, end - at);
            Array.Copy(places, at, places, at + 1, end - at);
        }

        (times[at], places[at]) = (view.At, place);
        Count++;
    }

    /// <summary>Gives the earliest view. There must be one.</summary>
    public LoggedView Take()
    {
        var place = places[first++];
        if (--Count == 0)
            first = 0;
        free.Push(place);
        return views[place];
    }

    /// <summary>Behind every view that is not later. Most are the latest of all.</summary>
    private int PlaceOf(long time)
    {
        var (low, high) = (first, first + Count);
        if (Count == 0 || times[high - 1] <= time)
            return high;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] <= time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void MoveToFront()
    {
        Array.Copy(times, first, times, 0, Count);
        Array.Copy(places, first, places, 0, Count);
        first = 0;
    }
}
