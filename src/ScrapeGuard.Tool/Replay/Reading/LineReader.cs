using System.Runtime.ExceptionServices;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>Reads a stream line by line in a buffer of its own, which grows with the longest line up to a bound; what is longer is cut.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    private const int FirstSize = 128 * 1024;

    /// <summary>Lines of access logs end before; so long a one is no reason to take memory.</summary>
    public const int LongestLine = 1024 * 1024;

    private byte[] buffer = new byte[FirstSize];
    private int start;
    private int end;
    private bool isAtEnd;
    private bool isCut;
    private bool isBegun;
    private ExceptionDispatchInfo? failure;

    private static ReadOnlySpan<byte> ByteOrderMark => "\ufeff"u8;

    /// <summary>What is read first, up to the size of the buffer, without taking it. What is wrong with the stream is thrown when that place is read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        try
        {
            Begin();
            while (!isAtEnd && end < buffer.Length)
                Fill();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }

        return buffer.AsSpan(start, end - start);
    }

    /// <summary>The next line without its end; valid until the next one. False at the end of the stream.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        Begin();
        var searched = 0;
        while (true)
        {
            var rest = buffer.AsSpan(start, end - start);
            var found = rest[searched..].IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = rest[..(searched + found)];
                start += searched + found + 1;
                if (!Skips())
                {
                    line = line.TrimEnd((byte)'\r');
                    return true;
                }

                searched = 0;
                continue;
            }

            searched = rest.Length;
            if (isAtEnd)
            {
                line = rest;
                start = end;
                return !line.IsEmpty && !Skips();
            }

            if (rest.Length >= LongestLine)
            {
                line = rest;
                start = end;
                searched = 0;
                if (isCut)
                    continue;
                isCut = true;
                return true;
            }

            Fill();
        }
    }

    public void Dispose() => stream.Dispose();

    /// <summary>Whether this was the rest of a line that was cut.</summary>
    private bool Skips()
    {
        var skips = isCut;
        isCut = false;
        return skips;
    }

    /// <summary>Leaves a byte order mark away.</summary>
    private void Begin()
    {
        if (isBegun)
            return;
        isBegun = true;
        while (!isAtEnd && end < ByteOrderMark.Length)
            Fill();
        if (buffer.AsSpan(0, end).StartsWith(ByteOrderMark))
            start = ByteOrderMark.Length;
    }

    private void Fill()
    {
        failure?.Throw();
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        isAtEnd = read == 0;
    }
}
