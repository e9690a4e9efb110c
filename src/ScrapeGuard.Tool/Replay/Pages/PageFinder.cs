using System.Security.Cryptography;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay.Pages;

/// <summary>
/// Which targets are display pages, and of which record: those that a pattern matches; without one, those that the portal's settings name; without these,
/// each path that is no asset is a record.
/// </summary>
internal sealed class PageFinder
{
    private const int Remembered = 16 * 1024;
    private const int MostOthers = 5;
    private const int MostKinds = 1000;
    private const string PageKind = "page";

    private readonly IReadOnlyList<RecordPattern> patterns;
    private readonly PortalPages? portal;
    private readonly ByteCache<RequestedPage?> pages;
    private readonly SipHash hash = new(RandomNumberGenerator.GetBytes(16));
    private readonly List<string> others = [];
    private readonly HashSet<string> kinds = [];

    // A kind has a hash of its own; there are few, and the last one is nearly always the next.
    private (string Kind, SipHash Hash) last = ("", default);

    /// <param name="patterns">What a person asked for.</param>
    /// <param name="portal">What the settings name; null for nothing.</param>
    public PageFinder(IReadOnlyList<RecordPattern> patterns, PortalPages? portal = null)
    {
        (this.patterns, this.portal) = (patterns, portal);
        pages = new ByteCache<RequestedPage?>(Remembered, Make);
    }

    /// <summary>The first targets that are no display pages: what to look at where there is none.</summary>
    public IReadOnlyList<string> Others => others;

    /// <summary>The kinds of the pages found, as far as they are few.</summary>
    public IReadOnlyCollection<string> Kinds => kinds;

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
            return portal is null ? MakeOfPath(path) : portal.Find(path, query) is { } page ? PageOf(page.Kind, page.Record) : null;
        var target = query.IsEmpty ? path : $"{path}?{TargetText.ToText(query)}";
        foreach (var pattern in patterns)
        {
            if (pattern.Find(target, path.Length) is { } found)
                return PageOf(found.Kind, RecordText.Of(found.Id, RecordIdentity.Canonical));
        }

        return null;
    }

    private RequestedPage? MakeOfPath(string path)
    {
        if (AssetPaths.Contains(path))
            return null;

        // No id is left where a path is nothing but slashes.
        return PageOf(PageKind, RecordText.Of(path.Length > 1 ? path.TrimEnd('/') : path, RecordIdentity.Canonical) ?? "/");
    }

    private RequestedPage PageOf(string kind, string? record)
    {
        if (last.Kind != kind)
        {
            last = (kind, hash.For(kind));
            if (kinds.Count < MostKinds)
                kinds.Add(kind);
        }

        return new RequestedPage(kind, record, record is null ? 0 : last.Hash.Hash64(record));
    }
}
