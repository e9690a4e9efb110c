namespace ScrapeGuard;

/// <summary>Marks an MVC action, a controller or a Razor Page model as a display page.</summary>
/// <param name="kind">The kind of record shown. Two pages that show the same member name the same kind.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ScrapeGuardAttribute(string kind) : Attribute, IDisplayPageMetadata
{
    /// <summary>The kind of record shown.</summary>
    public string Kind { get; } = kind;

    /// <summary>The argument that holds the record id, as it was bound. Default: null, the page counts views only.</summary>
    public string? Record { get; set; }

    /// <summary>When two spellings of an id name the same record. Default: <see cref="RecordIdentity.Canonical"/>.</summary>
    public RecordIdentity Identity { get; set; }
}
