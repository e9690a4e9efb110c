namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>The fields of a log that tell who asked; null for none.</summary>
/// <param name="Account">The field that names the account.</param>
/// <param name="Session">The field that names the session.</param>
internal sealed record SubjectFields(string? Account, string? Session);
