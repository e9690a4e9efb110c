using System.Net;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

public class ConcurrentViewsTests
{
    private const int Views = 80;

    [Fact]
    public async Task Views_in_flight_cannot_pass_a_limit_together()
    {
        var (shown, refused) = await ViewAtOnceAsync(view => view);
        Assert.Equal((50, Views - 50), (shown, refused));
    }

    [Fact]
    public async Task One_record_asked_for_many_times_at_once_is_one_record()
    {
        var (shown, refused) = await ViewAtOnceAsync(view => view % 50);
        Assert.Equal((Views, 0), (shown, refused));
    }

    /// <summary>Sends all views and lets none of them end before each is either inside its page or refused.</summary>
    private static async Task<(int Shown, int Refused)> ViewAtOnceAsync(Func<int, int> recordOf)
    {
        var judged = 0;
        var allJudged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Judge()
        {
            if (Interlocked.Increment(ref judged) == Views)
                allJudged.SetResult();
        }

        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapGet("/slow/{id}", async (int id) =>
        {
            Judge();
            await allJudged.Task;
            return id;
        }).RequireScrapeGuard("member", record: "id"));
        var statuses = await Task.WhenAll(Enumerable.Range(0, Views).Select(async view =>
        {
            var status = (await portal.GetAsync($"/slow/{recordOf(view)}")).StatusCode;
            if (status == HttpStatusCode.TooManyRequests)
                Judge();
            return status;
        }));
        return (statuses.Count(status => status == HttpStatusCode.OK), statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }
}
