namespace ScrapeGuard.Counting;

/// <summary>The windows that are kept for one type of subject. Bit i of a charge stands for window i.</summary>
internal sealed class WindowSet
{
    /// <summary>The most windows a subject may have.</summary>
    public const int Most = 16;

    private readonly Window[] windows;

    // Equal for equal sets, so that it does no harm if two threads look it up at once.
    private int id;

    public WindowSet(IReadOnlyList<Window> windows)
    {
        this.windows = [.. windows];
        All = (1u << windows.Count) - 1;
        Records = MaskOf(WindowCount.Records);
        Views = MaskOf(WindowCount.Views);
        Misses = MaskOf(WindowCount.Misses);
        RawViews = MaskOf(WindowCount.RawViews);
        Raw = RawViews | MaskOf(WindowCount.RawRecords);
        ChargingAll = MaskOf(window => window.Charge == ChargedViews.All);
        DayRecords = MaskOf(window => window is { Count: WindowCount.Records, Milliseconds: SubjectState.NoveltyMilliseconds, Kind: 0 });
        HasKinds = windows.Any(window => window.Kind != 0);
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
    public int[] Calm { get; init; } = [];

    /// <summary>The windows over a day that count novel records of every kind: what is remembered of a forgotten subject is put there.</summary>
    public uint DayRecords { get; }

    /// <summary>The windows of an address that charge every view.</summary>
    public uint ChargingAll { get; }

    /// <summary>Whether some window counts one kind of record only.</summary>
    public bool HasKinds { get; }

    /// <summary>The shortest sub-window, in milliseconds: events closer together than this are one time to every window.</summary>
    public long Finest { get; }

    /// <summary>The length of the longest window, and a day at least, over which records are remembered; in milliseconds.</summary>
    public long Longest { get; }

    /// <summary>The set of a number that some state was laid out for.</summary>
    public static WindowSet Of(ushort id) => WindowLayouts.Shared.Of(id);

    public int IndexOf(Window window) => Array.IndexOf(windows, window);

    /// <summary>The windows that count this kind of record, a bit each.</summary>
    public uint OfKind(uint kind)
    {
        if (!HasKinds)
            return All;
        var mask = 0u;
        for (var index = 0; index < windows.Length; index++)
            mask |= windows[index].Kind == 0 || windows[index].Kind == kind ? 1u << index : 0;
        return mask;
    }

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
