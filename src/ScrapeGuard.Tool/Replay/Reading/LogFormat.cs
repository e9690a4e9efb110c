namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>How a log is written.</summary>
internal enum LogFormat
{
    /// <summary>Found out from the first lines of each file.</summary>
    Auto,

    /// <summary>nginx and Apache, with referrer and user agent; a virtual host may stand in front.</summary>
    Combined,

    /// <summary>The same without them.</summary>
    Common,

    /// <summary>The extended format of the W3C, as IIS writes it.</summary>
    W3C,

    /// <summary>One JSON object per line.</summary>
    Json,
}
