using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>What comes late: pages that take their time, and who looks when all is over.</summary>
public class LateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_page_that_ends_late_does_not_let_more_than_the_limit_through_in_a_minute(bool hasSlowPage)
    {
        var gate = new TaskCompletionSource();
        await using var portal = await PortalUnderTest.StartAsync(
            options => options.Session.From = "Claim:sid",
            map: app => app.MapGet("/slow/{memberId}", async (int memberId) =>
            {
                await gate.Task;
                return Results.StatusCode(500);
            }).RequireScrapeGuard("member", record: "memberId"));
        var slow = hasSlowPage ? portal.GetAsync("/slow/1") : Task.FromResult(new HttpResponseMessage());
        await Task.Delay(300, TestContext.Current.CancellationToken);
        portal.Time.Advance(TimeSpan.FromSeconds(30));
        var shown = 0;
        for (var view = 0; view < 100; view++)
            shown += (await portal.GetAsync("/members/1")).StatusCode == HttpStatusCode.OK ? 1 : 0;
        gate.SetResult();
        await slow;
        portal.Time.Advance(TimeSpan.FromSeconds(35));
        for (var view = 0; view < 110; view++)
            shown += (await portal.GetAsync("/members/1")).StatusCode == HttpStatusCode.OK ? 1 : 0;
        Assert.True(shown <= 120, $"{shown} views within 35 seconds, at most 120 a minute.");
    }

    [Fact]
    public async Task Who_looks_at_the_assessment_when_the_response_is_complete_sees_that_of_the_request()
    {
        var gate = new TaskCompletionSource();
        var seen = new TaskCompletionSource<ScrapeGuardAssessment?>();
        await using var portal = await PortalUnderTest.StartAsync(before: app => app.Use((context, next) =>
        {
            if (context.Request.Headers.ContainsKey("Late"))
            {
                context.Response.OnCompleted(async () =>
                {
                    await gate.Task;
                    seen.SetResult(context.GetScrapeGuardAssessment());
                });
            }

            return next(context);
        }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/members/1");
        request.Headers.Add("Late", "1");
        _ = portal.SendAsync(request, from: "198.51.100.1");
        await Task.Delay(300, TestContext.Current.CancellationToken);
        var last = HttpStatusCode.OK;
        for (var record = 1; record < 70; record++)
            last = (await portal.GetAsync($"/members/{record}")).StatusCode;
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        gate.SetResult();
        var assessment = await seen.Task;
        Assert.False(assessment is { IsRefused: true }, $"Another client's: {assessment?.Verdict} {assessment?.Cause}");
    }
}
