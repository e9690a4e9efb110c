namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>What a column of a W3C log holds, as far as it matters here.</summary>
internal enum W3CField
{
    Other,
    Date,
    Time,
    Client,
    Method,
    Path,
    Query,
    Status,
    UserAgent,
    Account,
    Session,
}
