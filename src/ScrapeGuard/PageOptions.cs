namespace ScrapeGuard;

/// <summary>A display page named by its path.</summary>
public sealed class PageOptions
{
    /// <summary>A route template such as <c>/members/{memberId}</c>. Required.</summary>
    public string Path { get; set; } = "";

    /// <summary>The kind of record the page shows; two pages that show the same member name the same kind. Required.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The route or query value that holds the record id. Default: null, the page counts views only.</summary>
    public string? Record { get; set; }

    /// <summary>When two spellings of an id name the same record. Default: <see cref="RecordIdentity.Canonical"/>.</summary>
    public RecordIdentity Identity { get; set; }
}
