namespace ScrapeGuard.Capture;

/// <summary>Where the session of a request is found: ScrapeGuard's own cookie, or what the portal has instead.</summary>
/// <param name="Kind">Cookie, Claim or Header.</param>
/// <param name="Name">The name of it; empty for ScrapeGuard's own cookie.</param>
internal readonly record struct SessionSource(string Kind, string Name)
{
    public bool IsOwn => Name.Length == 0;

    /// <summary>The source that <see cref="SessionOptions.From"/> names.</summary>
    public static SessionSource Parse(string from) => from.Split(':', 2) is [var kind, var name] ? new(kind, name) : new(from, "");
}
