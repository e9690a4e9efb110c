using System.Collections.Concurrent;
using System.Globalization;

namespace ScrapeGuard.Counting;

/// <summary>
/// The numbers by which state tells for which windows it is laid out. Equal sets have one number, so that a reload of settings takes a new one only for what
/// changed.
/// </summary>
internal sealed class WindowLayouts
{
    /// <summary>A number this far behind is not given out again: it may be taken for another set while settings still use it.</summary>
    private const int Recent = 32_768;

    private readonly Lock changing = new();
    private readonly ConcurrentDictionary<ushort, WindowSet> sets = new();
    private readonly Dictionary<string, ushort> numbers = [];
    private ushort last;

    /// <summary>Those of this process.</summary>
    public static WindowLayouts Shared { get; } = new();

    public int Count => sets.Count;

    /// <summary>The set of a number that some state was laid out for.</summary>
    public WindowSet Of(ushort number) => sets[number];

    /// <summary>The number of a set; never 0.</summary>
    public ushort NumberOf(WindowSet set)
    {
        var content = ContentOf(set);
        lock (changing)
        {
            if (numbers.TryGetValue(content, out var known) && (ushort)(last - known) < Recent)
                return known;
            last = last == ushort.MaxValue ? (ushort)1 : (ushort)(last + 1);
            if (sets.TryGetValue(last, out var before) && numbers.TryGetValue(ContentOf(before), out var number) && number == last)
                numbers.Remove(ContentOf(before));
            sets[last] = set;
            return numbers[content] = last;
        }
    }

    /// <summary>All that state depends on: a subject found calm by one maximum is not by another.</summary>
    private static string ContentOf(WindowSet set) => string.Create(
        CultureInfo.InvariantCulture, $"{set.Limited}|{string.Join(',', set.Calm)}|{string.Join(',', set.Levels)}|{string.Join(',', Enumerable.Range(0, set.Count).Select(index => set[index]))}");
}
