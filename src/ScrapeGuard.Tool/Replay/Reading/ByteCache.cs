namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>
/// What was made of bytes that come again and again: paths, clients, user agents. One place per hash, so that it stays as large as it is; what is not there
/// is made again. What comes once pushes nothing out: a place changes hands when the same bytes ask for it twice in a row.
/// </summary>
/// <param name="size">How many places; a power of two.</param>
/// <param name="make">Makes what is not there.</param>
internal sealed class ByteCache<T>(int size, ByteCache<T>.Maker make)
{
    /// <summary>Longer bytes are rare, and would make the bound a loose one.</summary>
    private const int LongestKey = 512;

    private readonly Entry[] entries = new Entry[size];

    public delegate T Maker(ReadOnlySpan<byte> bytes);

    public T Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestKey)
            return make(bytes);
        var hash = ByteHash.Of(bytes);
        ref var entry = ref entries[(int)hash & (size - 1)];

        // Bytes that are elsewhere in memory are looked at only where they are nearly sure to be the same.
        if (entry.Hash == hash && entry.Bytes is not null && bytes.SequenceEqual(entry.Bytes))
            return entry.Value;
        var value = make(bytes);
        if (entry.Bytes is null || entry.Asked == hash)
            (entry.Bytes, entry.Value, entry.Hash) = (bytes.ToArray(), value, hash);
        entry.Asked = hash;
        return value;
    }

    private struct Entry
    {
        public byte[]? Bytes;
        public T Value;
        public ulong Hash;
        public ulong Asked;
    }
}
