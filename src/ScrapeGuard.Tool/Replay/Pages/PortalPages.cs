using Microsoft.AspNetCore.Http;
using ScrapeGuard.Capture;

namespace ScrapeGuard.Tool.Replay.Pages;

/// <summary>The display pages that the portal's settings name by path, found as the portal finds them.</summary>
internal sealed class PortalPages(ConfiguredPages pages)
{
    private readonly DefaultHttpContext context = new();

    /// <summary>The kind and the canonical id, null where the page shows no record; null for what is no display page.</summary>
    public (string Kind, string? Record)? Find(string path, ReadOnlySpan<byte> query)
    {
        context.Request.Path = new PathString(path);
        if (pages.Find(context.Request) is not { } page)
            return null;
        context.Request.QueryString = query.IsEmpty ? QueryString.Empty : new QueryString($"?{TargetText.ToText(query)}");
        return (page.Kind, RecordText.Of(page.FindRecord?.Invoke(context), page.Identity));
    }
}
