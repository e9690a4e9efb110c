using Microsoft.Extensions.Configuration;

namespace ScrapeGuard;

/// <summary>A section of configuration whose changes are followed.</summary>
internal sealed record ReloadSource(IConfiguration Section);
