using System.Collections.Frozen;

namespace ScrapeGuard.Tool.Replay.Pages;

/// <summary>What a browser fetches besides pages, and robots fetch to find them. Documents as .pdf or .docx are no assets: they may show a person.</summary>
internal static class AssetPaths
{
    private static readonly FrozenSet<string> Extensions = new[]
    {
        "css", "less", "scss", "js", "mjs", "cjs", "map", "wasm", "webmanifest",
        "png", "apng", "jpg", "jpeg", "jpe", "gif", "svg", "svgz", "ico", "cur", "bmp", "webp", "avif", "jxl", "heic", "tif", "tiff",
        "woff", "woff2", "ttf", "otf", "eot",
        "mp3", "mp4", "m4a", "m4v", "ogg", "oga", "ogv", "wav", "flac", "webm", "mov", "avi", "mpg", "mpeg", "ts", "m3u8", "vtt", "swf", "flv",
        "json", "jsonp", "xml", "xsl", "xslt", "txt", "rss", "atom", "rdf", "gz", "br", "zip",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Extensions.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="path">Without a query.</param>
    public static bool Contains(ReadOnlySpan<char> path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        return dot >= 0 && Lookup.Contains(name[(dot + 1)..]);
    }
}
