using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Benchmarks.Portals;

namespace ScrapeGuard.Benchmarks;

/// <summary>The pipeline of a portal with routing and one page, without a server.</summary>
internal sealed class PortalPipeline
{
    private readonly IServiceProvider services;
    private readonly RequestDelegate pipeline;

    public PortalPipeline(bool isGuarded, bool isProtected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        if (isGuarded)
            builder.Services.AddScrapeGuard(options => options.Mode = ScrapeGuardMode.Enforce);
        var app = builder.Build();
        app.UseRouting();
        if (isGuarded)
            app.UseScrapeGuard();
        var page = app.MapGet("/members/{memberId}", StartAsync);
        if (isProtected)
            page.RequireScrapeGuard("member", record: "memberId");
#pragma warning disable ASP0014 // Nothing starts this application, so nothing else ends its pipeline with the endpoints.
        app.UseEndpoints(_ => { });
#pragma warning restore ASP0014
        services = app.Services;
        pipeline = ((IApplicationBuilder)app).Build();
    }

    public SteppingClock Clock { get; } = new();

    /// <summary>Sends one request through the pipeline; the status code of its response.</summary>
    public async Task<int> GetAsync(string path, IPAddress address)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Features.Set<IHttpResponseFeature>(new StartingResponse());
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = path;
        context.Connection.RemoteIpAddress = address;
        await pipeline(context);
        return context.Response.StatusCode;
    }

    private static Task StartAsync(HttpContext context) => ((StartingResponse)context.Features.GetRequiredFeature<IHttpResponseFeature>()).StartAsync();
}
