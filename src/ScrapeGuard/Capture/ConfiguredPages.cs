using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace ScrapeGuard.Capture;

/// <summary>The display pages that the configuration names by path.</summary>
internal sealed class ConfiguredPages
{
    private readonly (TemplateMatcher Matcher, DisplayPage Page)[] pages;

    public ConfiguredPages(IEnumerable<PageOptions> options) => pages =
    [
        .. options.Select(page => (
            new TemplateMatcher(TemplateParser.Parse(page.Path.TrimStart('/')), []),
            new DisplayPage(page.Kind, page.Record, page.Identity, context => ValueOf(context, page)))),
    ];

    public DisplayPage? Find(HttpRequest request)
    {
        foreach (var (matcher, page) in pages)
        {
            if (matcher.TryMatch(request.Path, []))
                return page;
        }

        return null;
    }

    private static string? ValueOf(HttpContext context, PageOptions page)
    {
        if (page.Record is null)
            return null;
        var values = new RouteValueDictionary();
        new TemplateMatcher(TemplateParser.Parse(page.Path.TrimStart('/')), []).TryMatch(context.Request.Path, values);
        return values.TryGetValue(page.Record, out var value) ? value?.ToString() : context.Request.Query[page.Record].ToString();
    }
}
