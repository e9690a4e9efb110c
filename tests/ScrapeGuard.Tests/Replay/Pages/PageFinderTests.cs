using System.Text;
using ScrapeGuard.Tool.Replay.Pages;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Pages;

public class PageFinderTests
{
    [Theory]
    [InlineData("/members/42", "/members/42")]
    [InlineData("/members/42/", "/members/42")]
    [InlineData("/members/42?tab=1", "/members/42")]
    [InlineData("/members/42#top", "/members/42")]
    [InlineData("/members/%34%32", "/members/42")]
    [InlineData("/members/a%2Fb", "/members/a%2Fb")]
    [InlineData("/members/%2534", "/members/%34")]
    [InlineData("/members/%zz%", "/members/%zz%")]
    [InlineData("/members/%C3%A9", "/members/é")]
    [InlineData("http://portal.example/members/42?x=/y", "/members/42")]
    [InlineData("http://portal.example", "/")]
    [InlineData("http://portal.example?next=/members/42", "/")]
    [InlineData("/", "/")]
    [InlineData("//", "/")]
    [InlineData("/Members/42", "/Members/42")]
    [InlineData("/letters/42.pdf", "/letters/42.pdf")]
    [InlineData("/style.css/42", "/style.css/42")]
    public void Each_path_that_is_no_asset_is_a_record(string target, string record) =>
        Assert.Equal(("page", record), Find(new PageFinder([]), target));

    [Theory]
    [InlineData("/site.css")]
    [InlineData("/site.min.JS?v=3")]
    [InlineData("/fonts/a.woff2")]
    [InlineData("/favicon.ico")]
    [InlineData("/robots.txt")]
    [InlineData("/sitemap.xml")]
    [InlineData("/site.c%73s")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("members/42")]
    [InlineData("portal.example:443")]
    public void Assets_and_what_has_no_path_are_none(string target) => Assert.Null(Find(new PageFinder([]), target));

    [Theory]
    [InlineData("/members/00042", "member", "42")]
    [InlineData("/members/%34%32?tab=1", "member", "42")]
    [InlineData("/members/42/edit", "member", "42")]
    [InlineData("/show?id=7&tab=1", "record", "7")]
    [InlineData("/show?tab=1&id=%41+b", "record", "A b")]
    [InlineData("/patient/A7", "patient", "A7")]
    public void A_pattern_says_which_record_and_of_which_kind(string target, string kind, string record)
    {
        var finder = Patterns("^/(?<kind>member)s/(?<record>[^/?]+)", "[?&]id=(?<record>[^&]+)", "^/(?<kind>patient)/(?<record>.+)");

        Assert.Equal((kind, record), Find(finder, target));
    }

    [Fact]
    public void What_no_pattern_matches_is_no_page_and_is_told_as_an_example()
    {
        var finder = Patterns("^/members/(?<record>[^/?]+)");

        Assert.Null(Find(finder, "/help"));
        Assert.Null(Find(finder, "/members/"));
        Assert.Null(Find(finder, "/help"));
        Assert.Equal(["/help", "/members/"], finder.Others);
    }

    [Theory]
    [InlineData("^/members/(", "is no regular expression")]
    [InlineData("^/members/(\\d+)", "has no group named record")]
    [InlineData("(?=/members)(?<record>.+)", "looks around")]
    [InlineData("(?<record>.)\\k<record>", "refers back")]
    public void A_pattern_that_cannot_be_used_says_why(string pattern, string problem)
    {
        Assert.Null(RecordPattern.TryCreate(pattern, out var found));
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_stay_different()
    {
        var finder = new PageFinder([]);

        Assert.NotEqual(Find(finder, "/%ff"), Find(finder, "/%fe"));
    }

    private static PageFinder Patterns(params string[] patterns) => new([.. patterns.Select(pattern => RecordPattern.TryCreate(pattern, out _)!)]);

    private static (string Kind, string? Record)? Find(PageFinder finder, string target) =>
        finder.Find(Encoding.UTF8.GetBytes(target)) is { } page ? (page.Kind, page.Record) : null;
}
