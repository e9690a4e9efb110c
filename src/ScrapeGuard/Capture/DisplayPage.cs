using Microsoft.AspNetCore.Http;

namespace ScrapeGuard.Capture;

/// <summary>A display page as endpoint metadata or configuration names it.</summary>
internal sealed record DisplayPage(string Kind, string? Record, RecordIdentity Identity, Func<HttpContext, string?>? FindRecord = null) : IDisplayPageMetadata;
