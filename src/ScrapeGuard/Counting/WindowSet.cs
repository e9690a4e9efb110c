namespace ScrapeGuard.Counting;

/// <summary>The windows that are kept for one type of subject. Bit i of a charge stands for window i.</summary>
internal sealed class WindowSet(IReadOnlyList<Window> windows)
{
    /// <summary>The most windows a subject may have; charges are bits of 32, of which Redis keeps 16.</summary>
    public const int Most = 16;

    private readonly Window[] windows = [.. windows];

    public int Count => windows.Length;

    public ref readonly Window this[int index] => ref windows[index];

    public uint All { get; } = (1u << windows.Count) - 1;

    /// <summary>The windows that count novel records.</summary>
    public uint Records { get; } = MaskOf(windows, WindowCount.Records);

    public int IndexOf(Window window) => Array.IndexOf(windows, window);

    private static uint MaskOf(IReadOnlyList<Window> windows, WindowCount count)
    {
        var mask = 0u;
        for (var index = 0; index < windows.Count; index++)
        {
            if (windows[index].Count == count)
                mask |= 1u << index;
        }

        return mask;
    }
}
