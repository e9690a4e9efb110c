namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>A file or standard input as it is, which tells its first bytes before they are read, and how far it was read.</summary>
internal sealed class RawStream(Stream inner) : Stream
{
    private readonly byte[] first = new byte[8];
    private int peeked;
    private int given;

    /// <summary>The bytes read so far.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The first bytes, as many as there are up to eight; before anything is read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        peeked = inner.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return first.AsSpan(0, peeked);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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
        }

        BytesRead += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
