using System.Text;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>A file, or standard input, that is to be read.</summary>
/// <param name="name">As it was given.</param>
/// <param name="open">Opens it.</param>
internal sealed class LogInput(string name, Func<Stream> open)
{
    private static readonly (string Name, byte[] Start, string Command)[] NotRead =
    [
        ("xz", [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz -dc"),
        ("zstd", [0x28, 0xb5, 0x2f, 0xfd], "zstd -dc"),
        ("bzip2", [(byte)'B', (byte)'Z', (byte)'h'], "bzip2 -dc"),
        ("zip", [(byte)'P', (byte)'K', 3, 4], "unzip -p"),
    ];

    private Func<long> bytesRead = () => 0;

    public string Name => name;

    /// <summary>Whether it could be opened only once, as standard input and pipes; known once it was opened.</summary>
    public bool IsOpenedOnce { get; private set; }

    /// <summary>The bytes read of it, compressed as they are.</summary>
    public long BytesRead => bytesRead();

    /// <summary>Opens it, decompressed where it is gzip, whatever it is called, and as UTF-8 where a mark says that it is UTF-16.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="InvalidDataException">It is compressed in another way.</exception>
    /// <exception cref="OperationCanceledException">The wait for its first bytes was ended.</exception>
    public LineReader Open()
    {
        var stream = open();
        IsOpenedOnce = !stream.CanSeek;
        var raw = new RawStream(stream);
        bytesRead = () => raw.BytesRead;
        var start = raw.Peek();
        foreach (var (kind, bytes, command) in NotRead)
        {
            if (!start.StartsWith(bytes))
                continue;
            raw.Dispose();
            throw new InvalidDataException($"is compressed by {kind}; decompress it first: {command} {name} | scrapeguard replay -");
        }

        return new LineReader(start switch
        {
            [0x1f, 0x8b, ..] => new GzipText(raw),
            [0xff, 0xfe, ..] => Encoding.CreateTranscodingStream(raw, Encoding.Unicode, Encoding.UTF8),
            [0xfe, 0xff, ..] => Encoding.CreateTranscodingStream(raw, Encoding.BigEndianUnicode, Encoding.UTF8),
            _ => raw,
        });
    }
}
