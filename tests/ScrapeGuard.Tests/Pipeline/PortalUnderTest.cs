using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Operations;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>A portal of a few endpoints on a test server; the header <c>From</c> plays the client's address, <c>User</c> the signed-in account.</summary>
internal sealed class PortalUnderTest : IAsyncDisposable
{
    public const string Client = "203.0.113.7";

    private readonly WebApplication app;

    private PortalUnderTest(WebApplication app, FakeTimeProvider time) => (this.app, Time) = (app, time);

    public FakeTimeProvider Time { get; }

    public IServiceProvider Services => app.Services;

    public TestServer Server => app.GetTestServer();

    /// <param name="configure">Changes the options, whose mode is Enforce here, with all signals off.</param>
    /// <param name="map">Maps more endpoints.</param>
    /// <param name="environment">The name of the environment.</param>
    /// <param name="build">Adds services.</param>
    /// <param name="before">Adds middleware before routing.</param>
    /// <param name="section">Settings that may be reloaded, instead of <paramref name="configure"/>.</param>
    public static async Task<PortalUnderTest> StartAsync(
        Action<ScrapeGuardOptions>? configure = null, Action<WebApplication>? map = null, string environment = "Production",
        Action<WebApplicationBuilder>? build = null, Action<WebApplication>? before = null, IConfiguration? section = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Logging.AddFakeLogging();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(time);
        if (section is not null)
            builder.Services.AddScrapeGuard(section).AddScrapeGuard(WithoutSignals.Apply);
        else
            builder.Services.AddScrapeGuard(options => Configure(options, configure));
        build?.Invoke(builder);
        var app = builder.Build();
        app.Use(PlayClient);
        before?.Invoke(app);
        app.UseRouting();
        app.UseScrapeGuard();
        app.MapGet("/members/{memberId}", (int memberId) => memberId is > 0 and <= 20_000 ? Results.Text($"member {memberId}") : Results.NotFound())
            .RequireScrapeGuard("member", record: "memberId");
        app.MapGet("/free", () => "free");
        map?.Invoke(app);
        await app.StartAsync();
        return new PortalUnderTest(app, time);
    }

    public Task<HttpResponseMessage> GetAsync(
        string path, string? from = Client, string? user = null, string? cookie = null, string? accept = null, string method = "GET") =>
        SendAsync(new HttpRequestMessage(new HttpMethod(method), path), from, user, cookie, accept);

    /// <summary>Posts a form of one field.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string field, string value) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new(field, value)]) });

    /// <summary>Gets a page with further headers, each a name and a value.</summary>
    public Task<HttpResponseMessage> GetWithAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, string? from = Client, string? user = null, string? cookie = null, string? accept = null)
    {
        foreach (var (name, value) in new[] { ("From", from), ("User", user), ("Cookie", cookie), ("Accept", accept) })
        {
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        }

        using (request)
        {
            var answer = await app.GetTestClient().SendAsync(request);

            // The body ends when the pipeline has, so that what it settles is settled; a client does not wait for the body of a HEAD.
            await answer.Content.LoadIntoBufferAsync();
            return answer;
        }
    }

    /// <summary>What an operator sees of an address, in this order: views, records, misses.</summary>
    public (int Views, int Records, int Misses) Address(string address = Client) => Figures(address, null, "address-misses");

    /// <summary>What an operator sees of an account, in this order: views, records, misses.</summary>
    public (int Views, int Records, int Misses) Account(string account) => Figures(null, account, "account-misses");

    /// <summary>The records of all requests that were displayed, as an operator sees their sum.</summary>
    public long Displayed() => Services.GetRequiredService<Operator>().Summary().RecordsDisplayed;

    /// <summary>The messages logged under this id, in order.</summary>
    public string[] Logged(int id) =>
        [.. Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Category?.StartsWith("ScrapeGuard", StringComparison.Ordinal) == true
            && record.Id.Id == id).Select(record => record.Message)];

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static void Configure(ScrapeGuardOptions options, Action<ScrapeGuardOptions>? configure)
    {
        options.Mode = ScrapeGuardMode.Enforce;
        WithoutSignals.Apply(options);
        configure?.Invoke(options);
    }

    private static Task PlayClient(HttpContext context, RequestDelegate next)
    {
        context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers.From, out var address) ? address : null;
        if (context.Request.Headers["User"].ToString() is { Length: > 0 } user)
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user)], "test"));
        return next(context);
    }

    private (int Views, int Records, int Misses) Figures(string? address, string? account, string misses) =>
        Services.GetRequiredService<Operator>().Subjects(1, address, account, null).Items is [var subject]
            ? (subject.Views, subject.Records, subject.Limits.Single(limit => limit.Name == misses).Count)
            : default;
}
