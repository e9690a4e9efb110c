namespace ScrapeGuard.Counting;

/// <summary>What the runtime takes on its heap, of 64 bits.</summary>
internal static class Heap
{
    private const int ArrayOverhead = 24;

    /// <summary>What an array of so many bytes takes.</summary>
    public static int BytesOfArray(int bytes) => ArrayOverhead + ((bytes + 7) & ~7);
}
