namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>What a property of a JSON line holds, as far as it matters here.</summary>
internal enum JsonField
{
    Other,
    Time,
    Client,
    Method,
    Request,
    Target,
    Query,
    Status,
    UserAgent,
    Account,
    Session,
}
