namespace ScrapeGuard.Counting;

/// <summary>What one sliding window adds up.</summary>
internal enum WindowCount : byte
{
    Views,
    Records,
    Misses,

    /// <summary>All views of an address, charged or not: shown, never judged.</summary>
    RawViews,

    /// <summary>All novel records behind an address, charged or not, as its accounts and sessions saw them: shown, never judged.</summary>
    RawRecords,

    /// <summary>Novel records with surcharges for neighbours and misses, from which the score of a <see cref="Pace"/> is read.</summary>
    Pace,

    /// <summary>Novel records whose numbers lie beside one shown shortly before, from which the score of a <see cref="Pace"/> is read too.</summary>
    Neighbours,
}

/// <summary>
/// The label of a sliding window in the state of a subject. Nodes with different settings share state by label and so never misread each other.
/// </summary>
/// <param name="Count">What is added up.</param>
/// <param name="Milliseconds">The length of the window.</param>
/// <param name="Kind">A hash of the kind of record counted; 0 for all kinds together.</param>
/// <param name="Charge">Which views it counts.</param>
internal readonly record struct Window(WindowCount Count, long Milliseconds, uint Kind = 0, WindowCharge Charge = WindowCharge.Strangers)
{
    /// <summary>The length of a sub-window; rounded up, so that twelve of them are never shorter than the window.</summary>
    public long SubWindow => (Milliseconds + SlidingWindow.SubWindows - 1) / SlidingWindow.SubWindows;

    /// <summary>Whether it counts each novel record once.</summary>
    public bool CountsRecords => Count is WindowCount.Records or WindowCount.Pace;

    /// <summary>Whether what counts is not the sum but the score that is left of it.</summary>
    public bool IsScore => Count is WindowCount.Pace or WindowCount.Neighbours;

    public long IndexAt(long time) => time / SubWindow;
}
