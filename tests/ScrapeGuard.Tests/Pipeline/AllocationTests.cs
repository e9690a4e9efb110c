using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>
/// What a request allocates on Kestrel, as a portal is served: with ScrapeGuard and without, on one connection that is kept open. Alone, as the process
/// allocates for everybody.
/// </summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    private const int Requests = 1_000;
    private const int RoundsInVain = 20;
    private const int MostRounds = 200;

    /// <summary>The first comes again days after it was shown.</summary>
    private const int NovelRecords = 200;

    [Fact]
    public async Task A_view_of_address_session_and_account_allocates_nothing() => Assert.InRange(await AddedAsync("/at-once/"), -1, 1);

    /// <summary>A <see cref="Task"/> is what a middleware returns, and none completes twice.</summary>
    [Fact]
    public async Task A_view_of_a_page_that_awaits_allocates_one_task() => Assert.InRange(await AddedAsync("/late/"), -1, 73);

    /// <summary>Of somebody who opens two records an hour and has done so for days: what was shown the day before makes room for what is shown.
    /// Its session is the portal's own: one of ScrapeGuard's is issued anew after half a day.</summary>
    [Fact]
    public async Task A_view_of_a_novel_record_allocates_nothing() => Assert.InRange(await AddedAsync("/at-once/", between: TimeSpan.FromMinutes(30)), -1, 1);

    [Fact]
    public async Task A_request_for_no_display_page_allocates_nothing() => Assert.InRange(await AddedAsync("/free/"), -1, 1);

    [Fact]
    public async Task A_refused_request_allocates_no_more_than_a_page() => Assert.InRange(await AddedAsync("/at-once/", isBlocked: true), -1000, 1);

    /// <summary>
    /// Bytes per request that ScrapeGuard adds, by the rounds with the least of each, in turn until neither finds less: code that is not compiled for good
    /// yet boxes what it need not.
    /// </summary>
    private static async Task<double> AddedAsync(string path, bool isBlocked = false, TimeSpan between = default)
    {
        var (time, records) = (new MovedTime(), between > TimeSpan.Zero ? NovelRecords : 1);
        await using var bare = Create(isGuarded: false, time);
        await using var guarded = Create(isGuarded: true, time, between > TimeSpan.Zero ? "Claim:sid" : "Cookie");
        using var client = await StartAsync(bare);
        using var guardedClient = await StartAsync(guarded);
        for (var record = 0; isBlocked && guardedClient.Get(path, record) == StatusCodes.Status200OK; record++)
            Assert.InRange(record, 0, 1000);
        guardedClient.TakeSession(path, 1);
        var (least, guardedLeast, vain) = (double.MaxValue, double.MaxValue, 0);
        for (var round = 0; round < MostRounds && vain < RoundsInVain; round++)
        {
            var before = least + guardedLeast;
            least = Math.Min(least, Measure(client, path, StatusCodes.Status200OK, Turn));
            guardedLeast = Math.Min(guardedLeast, Measure(guardedClient, path, isBlocked ? StatusCodes.Status429TooManyRequests : StatusCodes.Status200OK, Turn));
            vain = least + guardedLeast < before - 1 ? 0 : vain + 1;
        }

        return guardedLeast - least;

        int Turn(int request)
        {
            time.Ahead += between;
            return 1 + (request % records);
        }
    }

    private static async Task<RawClient> StartAsync(WebApplication portal)
    {
        await portal.StartAsync(TestContext.Current.CancellationToken);
        return new RawClient(new Uri(portal.Urls.First()));
    }

    private static double Measure(RawClient client, string path, int status, Func<int, int> turn)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var request = 0; request < Requests; request++)
            Assert.Equal(status, client.Get(path, turn(request)));

        // The total of the process falls now and then, as threads of other tests end: such a round says nothing.
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return allocated < 0 ? double.MaxValue : allocated / (double)Requests;
    }

    private static WebApplication Create(bool isGuarded, TimeProvider time, string session = "Cookie")
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting().AddSingleton(time);
        if (isGuarded)
        {
            builder.Services.AddScrapeGuard(options =>
            {
                options.Mode = ScrapeGuardMode.Enforce;
                options.Session.From = session;
                options.Limits["account-10min"].Verdict = Verdict.Block;
            });
        }

        var app = builder.Build();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "pharmacist"), new Claim("sid", "morning")], "test"));
        app.UseRouting();
        app.Use((context, next) =>
        {
            context.User = user;
            return next(context);
        });
        if (isGuarded)
            app.UseScrapeGuard();
        Map(app.MapGet("/at-once/{id}", Show), isGuarded);
        Map(app.MapGet("/late/{id}", ShowLateAsync), isGuarded);
        app.MapGet("/free/{id}", Show);
        return app;
    }

    private static void Map(IEndpointConventionBuilder page, bool isGuarded)
    {
        if (isGuarded)
            page.RequireScrapeGuard("member", record: "id");
    }

    private static async Task ShowLateAsync(HttpContext context)
    {
        await Task.Yield();
        await Show(context);
    }

    private static Task Show(HttpContext context)
    {
        context.Response.ContentLength = 6;
        "record"u8.CopyTo(context.Response.BodyWriter.GetSpan(6));
        context.Response.BodyWriter.Advance(6);
        return Task.CompletedTask;
    }

    /// <summary>Ahead by more and more, without a timer that goes off for it.</summary>
    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (System.GetTimestamp() / (System.TimestampFrequency / TimeSpan.TicksPerSecond)) + Ahead.Ticks;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
