namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>A stream on which nobody waits longer than wanted: what another process never writes cannot be waited for when the command is to end.</summary>
/// <param name="inner">Read in the background.</param>
/// <param name="stopping">Ends the wait.</param>
internal sealed class StoppableStream(Stream inner, CancellationToken stopping) : ReadingStream
{
    private const int Size = 128 * 1024;

    // Of its own: a read that nobody waits for any more still writes into it.
    private readonly byte[] bytes = new byte[Size];
    private int start;
    private int end;

    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (start == end)
        {
            var reading = Task.Run(() => inner.Read(bytes, 0, Size), CancellationToken.None);
            Task.WaitAny([reading], stopping);
            (start, end) = (0, reading.GetAwaiter().GetResult());
        }

        var count = Math.Min(end - start, buffer.Length);
        bytes.AsSpan(start, count).CopyTo(buffer);
        start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !stopping.IsCancellationRequested)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
