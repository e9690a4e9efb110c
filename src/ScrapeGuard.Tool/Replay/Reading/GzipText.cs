using System.IO.Compression;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>What is in gzip, of several members too. It says where the data break off or are damaged; what was read before that is sound.</summary>
internal sealed class GzipText : ReadingStream
{
    private readonly RawStream raw;
    private readonly GZipStream inner;

    // By default a file that was cut ends as if it were whole.
    static GzipText() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public GzipText(RawStream raw) => (this.raw, inner) = (raw, new GZipStream(raw, CompressionMode.Decompress));

    /// <exception cref="InvalidDataException">The data break off or are damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(raw.IsAtEnd ? "ends in the middle of its gzip data" : "has damaged gzip data", exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
