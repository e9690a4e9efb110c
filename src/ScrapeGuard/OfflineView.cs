using System.Net;
using ScrapeGuard.Counting;

namespace ScrapeGuard;

/// <summary>A view that is known from elsewhere than a request.</summary>
/// <param name="Address">The client's address; null for none.</param>
/// <param name="Account">Who was signed in; null for nobody.</param>
/// <param name="Session">The session's id; null for none.</param>
/// <param name="Kind">The kind of record.</param>
/// <param name="Record">The record's canonical id; null for a view that shows none.</param>
/// <param name="Outcome">What became of the view, had it been let through.</param>
internal readonly record struct OfflineView(IPAddress? Address, string? Account, string? Session, string Kind, string? Record, Outcome Outcome);
