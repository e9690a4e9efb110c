using System.Security.Cryptography;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay.Pages;

/// <summary>Which targets are display pages, and of which record: those that a pattern matches; without one, each path that is no asset is a record.</summary>
internal sealed class PageFinder
{
    private const int Remembered = 16 * 1024;
    private const int MostOthers = 5;
    private const string PageKind = "page";

    private readonly IReadOnlyList<RecordPattern> patterns;
    private readonly ByteCache<RequestedPage?> pages;
    private readonly SipHash hash = new(RandomNumberGenerator.GetBytes(16));
    private readonly List<string> others = [];

    // A kind has a hash of its own; there are few, and the last one is nearly always the next.
    private (string Kind, SipHash Hash) last = ("", default);

    public PageFinder(IReadOnlyList<RecordPattern> patterns)
    {
        this.patterns = patterns;
        pages = new ByteCache<RequestedPage?>(Remembered, Make);
    }

    /// <summary>The first targets that are no display pages: what to look at where there is none.</summary>
    public IReadOnlyList<string> Others => others;

    /// <summary>The page that a target is; null for none.</summary>
    public RequestedPage? Find(ReadOnlySpan<byte> target) => pages.Of(target);

    private RequestedPage? Make(ReadOnlySpan<byte> target)
    {
        var page = TargetText.TrySplit(target, out var path, out var query) ? Make(TargetText.DecodePath(path), query) : null;
        if (page is null && others.Count < MostOthers && TargetText.ToText(target) is var text && !others.Contains(text))
            others.Add(text);
        return page;
    }

    private RequestedPage? Make(string path, ReadOnlySpan<byte> query)
    {
        if (patterns.Count == 0)
            return AssetPaths.Contains(path) ? null : PageOf(PageKind, path.Length > 1 ? path.TrimEnd('/') : path);
        var target = query.IsEmpty ? path : $"{path}?{TargetText.ToText(query)}";
        foreach (var pattern in patterns)
        {
            if (pattern.Find(target, path.Length) is { } found)
                return PageOf(found.Kind, found.Id);
        }

        return null;
    }

    private RequestedPage PageOf(string kind, string id)
    {
        // No id is left where a path is nothing but slashes.
        var record = RecordText.Of(id, RecordIdentity.Canonical) ?? "/";
        if (last.Kind != kind)
            last = (kind, hash.For(kind));
        return new RequestedPage(kind, record, last.Hash.Hash64(record));
    }
}
