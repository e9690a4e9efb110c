namespace ScrapeGuard.Counting;

/// <summary>The windows of a subject, one after the other in its block.</summary>
internal readonly ref struct WindowRow(Span<byte> bytes, bool isWide)
{
    private readonly Span<byte> bytes = bytes;
    private readonly int stride = WindowSlots.BytesOf(isWide);

    public WindowSlots this[int index] => new(ref bytes.Slice(index * stride, stride)[0], isWide);

    public void Clear() => bytes.Clear();

    /// <summary>Copies the first windows to slots that are as wide or wider.</summary>
    public void CopyTo(WindowRow other, int windows)
    {
        for (var index = 0; index < windows; index++)
            this[index].CopyTo(other[index]);
    }
}
