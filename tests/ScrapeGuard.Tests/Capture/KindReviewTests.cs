using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Capture;

public class KindReviewTests
{
    private const int KindNotShown = 55;

    [Fact]
    public async Task A_canary_or_a_limit_of_a_kind_that_no_page_shows_is_warned_of()
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Signals.Canary.Records["membre"] = ["4711"];
            options.Limits["documents"] = new LimitOptions
            {
                Per = SubjectType.Account,
                Count = CountOf.Records,
                Window = TimeSpan.FromHours(1),
                Max = 9,
                Kind = "document",
                Verdict = Verdict.Block,
            };
        });
        Assert.Equal(
            ["Limits:documents:Kind is for records of the kind 'document'", "Signals:Canary:Records is for records of the kind 'membre'"],
            portal.Logged(KindNotShown).Select(line => line["ScrapeGuard:".Length..line.IndexOf(", which", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
        Assert.All(portal.Logged(KindNotShown), line => Assert.Contains("they show member", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kind_that_some_page_shows_is_not_warned_of()
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Signals.Canary.Records["member"] = ["4711"];
            options.Signals.Canary.Records["document"] = ["4711"];
            options.Pages["documents"] = new PageOptions { Path = "/documents/{id}", Kind = "document", Record = "id" };
        });
        Assert.Empty(portal.Logged(KindNotShown));
    }
}
