using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>A portal of a few endpoints on a test server; the header <c>From</c> plays the client's address, <c>User</c> the signed-in account.</summary>
internal sealed class PortalUnderTest : IAsyncDisposable
{
    private readonly WebApplication app;

    private PortalUnderTest(WebApplication app, FakeTimeProvider time) => (this.app, Time) = (app, time);

    public FakeTimeProvider Time { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<PortalUnderTest> StartAsync(Action<ScrapeGuardOptions>? configure = null, Action<WebApplication>? map = null, string environment = "Production")
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddScrapeGuard(options =>
        {
            options.Mode = ScrapeGuardMode.Enforce;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers.From, out var address) ? address : null;
            if (context.Request.Headers["User"].ToString() is { Length: > 0 } user)
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test"));
            return next(context);
        });
        app.UseRouting();
        app.UseScrapeGuard();
        app.MapGet("/members/{memberId}", (int memberId) => memberId is > 0 and <= 20_000 ? Results.Text($"member {memberId}") : Results.NotFound())
            .RequireScrapeGuard("member", record: "memberId");
        app.MapGet("/free", () => "free");
        map?.Invoke(app);
        await app.StartAsync();
        return new PortalUnderTest(app, time);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? from = "203.0.113.7", string? user = null, string? cookie = null, string? accept = null, string method = "GET")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (from is not null)
            request.Headers.TryAddWithoutValidation("From", from);
        if (user is not null)
            request.Headers.TryAddWithoutValidation("User", user);
        if (cookie is not null)
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await app.GetTestClient().SendAsync(request);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
