using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using Xunit;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>One node of a portal that shares counts and blocks through a real Redis, by the real clock.</summary>
internal sealed class SharedPortal : IAsyncDisposable
{
    /// <summary>How long a page under /slow takes.</summary>
    public static readonly TimeSpan SlowPage = TimeSpan.FromSeconds(2);

    public static readonly string Key = Convert.ToBase64String(Enumerable.Range(1, 32).Select(number => (byte)number).ToArray());

    private readonly WebApplication app;
    private readonly MeterListener meters = new();

    private SharedPortal(WebApplication app)
    {
        this.app = app;
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ScrapeGuard" && instrument.Meter.Scope == factory)
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => Durations.GetOrAdd(instrument.Name, _ => []).Add(value));
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => Counters.AddOrUpdate(instrument.Name, value, (_, before) => before + value));
        meters.Start();
    }

    public ConcurrentDictionary<string, ConcurrentBag<double>> Durations { get; } = new();

    public ConcurrentDictionary<string, long> Counters { get; } = new();

    public FakeLogCollector Logs => app.Services.GetFakeLogCollector();

    public IServiceProvider Services => app.Services;

    public BlockList Blocks => app.Services.GetRequiredService<BlockList>();

    /// <summary>With the timeout a portal has by default.</summary>
    public static Task<SharedPortal> StartImpatientAsync(string redis, bool whenConnected = true) =>
        StartAsync(redis, options => options.Redis.Timeout = new RedisOptions().Timeout, whenConnected);

    public static async Task<SharedPortal> StartAsync(
        string redis, Action<ScrapeGuardOptions>? configure = null, bool whenConnected = true, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = "Production" });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddFakeLogging();
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.Services.AddRouting();
        builder.Services.AddHealthChecks().AddScrapeGuard();
        builder.Services.AddScrapeGuard(options =>
        {
            WithoutSignals.Apply(options);
            options.Mode = ScrapeGuardMode.Enforce;
            options.Keys["test"] = new KeyOptions { Value = Key };
            options.Redis.Configuration = redis;
            options.Redis.Consistency = RedisConsistency.Strict;

            // What nodes share is tested with patience; what happens when it runs out has tests of its own.
            options.Redis.Timeout = TimeSpan.FromSeconds(5);
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(context.Request.Headers.From!);
            if (context.Request.Headers["User"].ToString() is { Length: > 0 } user)
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test"));
            return next(context);
        });
        app.UseRouting();
        app.UseScrapeGuard();
        app.MapGet("/members/{memberId}", (int memberId) => Results.Text($"member {memberId}")).RequireScrapeGuard("member", record: "memberId");
        app.MapGet("/slow/{memberId}", async (int memberId) =>
        {
            await Task.Delay(SlowPage);
            return Results.Text($"member {memberId}");
        }).RequireScrapeGuard("member", record: "memberId");
        app.MapGet("/{speed}/{first}/{count}", async (HttpContext context, string speed, int first, int count) =>
        {
            var assessment = await context.CountRecordsAsync("member", Enumerable.Range(first, count).Select(id => $"{id}"));
            if (assessment.IsRefused)
                return assessment.ToResult();
            await Task.Delay(speed == "slow" ? SlowPage : TimeSpan.Zero);
            return Results.Text($"members {first} and so on");
        });
        app.MapGet("/confirm", async context => await context.Response.WriteAsync((await context.CompleteScrapeGuardStepUpAsync("test")).ToString()));
        var portal = new SharedPortal(app);
        await app.StartAsync();
        if (whenConnected)
            await portal.UntilAsync(() => portal.Services.GetRequiredService<Sharing>() is { State.IsAvailable: true, Blocks.IsRead: true }, "Redis is connected");
        return portal;
    }

    /// <summary>By how much a bare wait of the same length is late at worst: what the machine adds, busy with other tests and builds.</summary>
    public static async Task<double> StallsAsync(CancellationToken stop)
    {
        var worst = 0.0;
        while (!stop.IsCancellationRequested)
        {
            var started = TimeProvider.System.GetTimestamp();
            await Task.Delay(50, CancellationToken.None);
            worst = Math.Max(worst, TimeProvider.System.GetElapsedTime(started).TotalSeconds - 0.050);
        }

        return worst;
    }

    public async Task<HttpStatusCode> GetAsync(int record, string from = "203.0.113.7", string? user = null)
    {
        using var response = await SendAsync($"/members/{record}", from, user);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> SendAsync(
        string path, string from = "203.0.113.7", string? user = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("From", from);
        if (user is not null)
            request.Headers.TryAddWithoutValidation("User", user);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.GetTestClient().SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HealthStatus> HealthAsync() =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Status;

    public async Task UntilAsync(Func<bool> holds, string what, double seconds = 10)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(until).TotalSeconds < seconds, $"Not within {seconds} s: {what}. Logged: " + string.Join(
                " | ", Logs.GetSnapshot().Select(record => record.Message).TakeLast(5)));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public Task StopAsync() => app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        meters.Dispose();
        await app.DisposeAsync();
    }
}
