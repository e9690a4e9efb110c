namespace ScrapeGuard;

/// <summary>Endpoint metadata that makes an endpoint a display page.</summary>
public interface IDisplayPageMetadata
{
    /// <summary>The kind of record shown.</summary>
    string Kind { get; }

    /// <summary>The name of the route value or argument that holds the record id; null where the page counts views only.</summary>
    string? Record { get; }

    /// <summary>When two spellings of an id name the same record.</summary>
    RecordIdentity Identity { get; }
}
