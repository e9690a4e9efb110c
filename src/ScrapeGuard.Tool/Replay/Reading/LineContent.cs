namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>What a line turned out to be.</summary>
internal enum LineContent
{
    /// <summary>Nothing that this format writes.</summary>
    Bad,

    /// <summary>Tells of the lines after it, not of a request.</summary>
    Directive,

    /// <summary>A request, or another event of the server.</summary>
    Entry,
}
