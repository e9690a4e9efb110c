namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>A file or standard input as it is, which tells its first bytes before they are read, and how far it was read.</summary>
internal sealed class RawStream(Stream inner) : ReadingStream
{
    private readonly byte[] first = new byte[8];
    private int peeked;
    private int given;

    /// <summary>The bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether there is nothing more to read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The first bytes, as many as there are up to eight; before anything is read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        peeked = inner.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return first.AsSpan(0, peeked);
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (given < peeked)
        {
            read = Math.Min(peeked - given, buffer.Length);
            first.AsSpan(given, read).CopyTo(buffer);
            given += read;
        }
        else
        {
            read = inner.Read(buffer);
            IsAtEnd = read == 0;
        }

        BytesRead += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
