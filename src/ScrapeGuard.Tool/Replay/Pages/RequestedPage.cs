namespace ScrapeGuard.Tool.Replay.Pages;

/// <summary>The record that a target asks for.</summary>
/// <param name="Kind">The kind of record.</param>
/// <param name="Record">Its canonical id; null for a page that shows none.</param>
/// <param name="Fingerprint">Tells it from other records.</param>
internal sealed record RequestedPage(string Kind, string? Record, ulong Fingerprint);
