using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>The windows that are kept for one type of subject. Bit i of a charge stands for window i.</summary>
internal sealed class WindowSet
{
    /// <summary>The most windows a subject may have.</summary>
    public const int Most = 24;

    /// <summary>The most of them that count records: each record has a bit for every one of them. They come first.</summary>
    public const int MostOfRecords = 15;

    private readonly Window[] windows;
    private readonly Divisor[] subWindows;
    private readonly int[] calm = [];

    // Equal for equal sets, so that it does no harm if two threads look it up at once.
    private int id;

    public WindowSet(IReadOnlyList<Window> windows)
    {
        this.windows = [.. windows];
        subWindows = [.. windows.Select(window => new Divisor(window.SubWindow))];
        All = (1u << windows.Count) - 1;
        Records = MaskOf(window => window.CountsRecords);
        Pace = MaskOf(WindowCount.Pace);
        Neighbours = MaskOf(WindowCount.Neighbours);
        Scores = Pace | Neighbours;
        Views = MaskOf(WindowCount.Views);
        Misses = MaskOf(WindowCount.Misses);
        RawViews = MaskOf(WindowCount.RawViews);
        Raw = RawViews | MaskOf(WindowCount.RawRecords);
        ChargingAll = MaskOf(window => window.Charge == WindowCharge.All);
        Anonymous = MaskOf(window => window.Charge == WindowCharge.Anonymous);
        Warned = MaskOf(window => window.Charge == WindowCharge.Warned);
        Newcomers = MaskOf(window => window.Charge == WindowCharge.Newcomers);
        Swept = MaskOf(window => window.Charge == WindowCharge.Swept);
        Regular = All & ~(Anonymous | Warned | Newcomers | Swept);
        DayRecords = MaskOf(window => window is { Count: WindowCount.Records, Milliseconds: SubjectState.NoveltyMilliseconds, Kind: 0, Charge: not WindowCharge.Swept });
        HasKinds = windows.Any(window => window.Kind != 0);
        Turning = MaskOf(window => !windows.Any(other => other.SubWindow < window.SubWindow && window.SubWindow % other.SubWindow == 0)
            && windows.First(other => other.SubWindow == window.SubWindow) == window);
        ViewsSlot = new Divisor(windows.Where(window => window.Count is WindowCount.Views or WindowCount.RawViews or WindowCount.RawRecords).Select(window => window.SubWindow).DefaultIfEmpty(SubjectState.NoveltyMilliseconds).Min());
        Finest = windows.Select(window => window.SubWindow).DefaultIfEmpty(1).Min();
        Longest = windows.Select(window => window.Milliseconds).Append(SubjectState.NoveltyMilliseconds).Max();
    }

    public int Count => windows.Length;

    public ref readonly Window this[int index] => ref windows[index];

    /// <summary>A number that equal sets share, and no other set of this process has had for long: state laid out for another set is laid out anew.</summary>
    public ushort Id => (ushort)(id != 0 ? id : id = WindowLayouts.Shared.NumberOf(this));

    public uint All { get; }

    /// <summary>The windows that count novel records.</summary>
    public uint Records { get; }

    /// <summary>Those among them that count a miss and a neighbour as more than one.</summary>
    public uint Pace { get; }

    /// <summary>The windows that count neighbours alone.</summary>
    public uint Neighbours { get; }

    /// <summary>All windows that are read as scores.</summary>
    public uint Scores { get; }

    public uint Views { get; }

    public uint Misses { get; }

    public uint RawViews { get; }

    /// <summary>The windows that count whether charged or not.</summary>
    public uint Raw { get; }

    /// <summary>The windows that some limit is held against; the others are only shown.</summary>
    public uint Limited { get; init; } = uint.MaxValue;

    /// <summary>The windows that some limit of views is held against.</summary>
    public uint LimitedViews => Views & Limited;

    /// <summary>What each window may hold, and no more, of a subject that is far from every limit: less than half of its strictest, and no miss.</summary>
    public int[] Calm
    {
        get => calm;
        init => (calm, Bounded) = (value, value.Select((most, index) => most < int.MaxValue ? 1u << index : 0).Aggregate(0u, (mask, bit) => mask | bit));
    }

    /// <summary>The windows for which <see cref="Calm"/> sets a bound.</summary>
    public uint Bounded { get; private init; }

    /// <summary>From what score on it matters to somebody, of each window; below it the sum, which is never less, stands for it.</summary>
    public int[] Levels { get; init; } = [];

    public int Level(int index) => index < Levels.Length ? Levels[index] : 0;

    /// <summary>The windows over a day that count novel records of every kind: what is remembered of a forgotten subject is put there.</summary>
    public uint DayRecords { get; }

    /// <summary>The windows of an address that charge every view.</summary>
    public uint ChargingAll { get; }

    /// <summary>The windows that count views of nobody who is signed in, and no others.</summary>
    public uint Anonymous { get; }

    /// <summary>The windows that count views of accounts at the warning level of their pace, and no others.</summary>
    public uint Warned { get; }

    /// <summary>The windows that count views of accounts new to the address, and no others.</summary>
    public uint Newcomers { get; }

    /// <summary>The windows that count records in ranges that are being swept, and no others.</summary>
    public uint Swept { get; }

    /// <summary>All other windows: those that count the views charged to the subject, of their kind.</summary>
    public uint Regular { get; }

    /// <summary>Whether some window counts one kind of record only.</summary>
    public bool HasKinds { get; }

    /// <summary>The shortest sub-window, in milliseconds: events closer together than this are one time to every window.</summary>
    public long Finest { get; }

    /// <summary>The windows of which one moves on whenever any does: no others' sub-windows divide theirs.</summary>
    public uint Turning { get; }

    /// <summary>The shortest sub-window of those in which a view that is noted counts.</summary>
    public Divisor ViewsSlot { get; }

    /// <summary>The length of the longest window, and a day at least, over which records are remembered; in milliseconds.</summary>
    public long Longest { get; }

    /// <summary>The set of a number that some state was laid out for.</summary>
    public static WindowSet Of(ushort id) => WindowLayouts.Shared.Of(id);

    /// <summary>The length of the sub-windows of a window.</summary>
    public ref readonly Divisor SubWindowOf(int window) => ref subWindows[window];

    /// <summary>As <see cref="Window.IndexAt"/>.</summary>
    public long IndexAt(int window, long time) => subWindows[window].Of(time);

    public int IndexOf(Window window) => Array.IndexOf(windows, window);

    /// <summary>The regular windows that count this kind of record, a bit each.</summary>
    public uint OfKind(uint kind)
    {
        if (!HasKinds)
            return Regular;
        var mask = 0u;
        for (var index = 0; index < windows.Length; index++)
            mask |= windows[index].Kind == 0 || windows[index].Kind == kind ? 1u << index : 0;
        return mask & Regular;
    }

    /// <summary>The windows that count some of this and that a limit is held against, a bit each.</summary>
    public uint LimitedBy(in LogCounts counts) => Limited & (
        (counts.Views != 0 ? Views : 0) | (counts.Misses != 0 ? Misses | Pace : 0) | (counts.Records != 0 ? Records : 0) | (counts.Neighbours != 0 ? Scores : 0));

    /// <summary>A kind that is counted by one of these windows alone; 0 where there is none such.</summary>
    public uint KindOf(uint bits)
    {
        for (var index = 0; HasKinds && index < windows.Length; index++)
        {
            if ((bits & (1u << index)) != 0 && windows[index].Kind != 0)
                return windows[index].Kind;
        }

        return 0;
    }

    private uint MaskOf(WindowCount count) => MaskOf(window => window.Count == count);

    private uint MaskOf(Func<Window, bool> holds)
    {
        var mask = 0u;
        for (var index = 0; index < windows.Length; index++)
            mask |= holds(windows[index]) ? 1u << index : 0;
        return mask;
    }
}
