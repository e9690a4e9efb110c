namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>What one line says of a request. The bytes are those of the line, or of the parser: they hold until the next line is read.</summary>
internal ref struct LogLine
{
    /// <summary>When, in ticks of UTC.</summary>
    public long At { get; set; }

    /// <summary>The address, or the name that a server looked up for it.</summary>
    public ReadOnlySpan<byte> Client { get; set; }

    /// <summary>Empty for nobody, and where no field of accounts was named.</summary>
    public ReadOnlySpan<byte> Account { get; set; }

    /// <summary>Empty for none, and where no field of sessions was named.</summary>
    public ReadOnlySpan<byte> Session { get; set; }

    /// <summary>Empty where the log does not tell.</summary>
    public ReadOnlySpan<byte> Method { get; set; }

    /// <summary>What was asked for, as it was sent: a path with its query most often; empty where the request made no sense.</summary>
    public ReadOnlySpan<byte> Target { get; set; }

    /// <summary>Empty where the log does not tell.</summary>
    public ReadOnlySpan<byte> UserAgent { get; set; }

    /// <summary>0 where the log does not tell.</summary>
    public int Status { get; set; }
}
