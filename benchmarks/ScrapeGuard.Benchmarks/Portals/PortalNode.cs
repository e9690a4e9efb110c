using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>A node of a portal in this process, started as any is, with one page that writes nothing.</summary>
internal sealed class PortalNode : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly DirectServer server;

    private PortalNode(WebApplication app, DirectServer server)
    {
        this.app = app;
        this.server = server;
    }

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">ScrapeGuard refuses its settings.</exception>
    public static async Task<PortalNode> StartAsync(PortalPlan plan)
    {
        var server = new DirectServer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IServer>(server);
        builder.Services.AddSingleton(plan.Time);
        plan.Services?.Invoke(builder.Services);
        if (plan.Guard is not null)
            builder.Services.AddScrapeGuard(plan.Guard.Section);
        var node = new PortalNode(Build(builder, plan), server);
        try
        {
            await node.app.StartAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>A part of it.</summary>
    public T Of<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Sends one request; the status code of its answer.</summary>
    public async Task<int> ViewAsync(PortalClient client, string path)
    {
        var response = new StartingResponse();
        await server.ProcessAsync(Request(client, path, response));
        await response.CompleteAsync();
        client.Keep(response.Headers.SetCookie);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build(WebApplicationBuilder builder, PortalPlan plan)
    {
        var app = builder.Build();
        app.UseRouting();
        plan.Middleware?.Invoke(app);
        if (plan.Guard is not null)
            app.UseScrapeGuard();
        var page = app.MapGet("/members/{memberId}", ShowAsync);
        if (plan.IsDisplayPage)
            page.RequireScrapeGuard("member", record: "memberId");
        return app;
    }

    private static Task ShowAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        return ((StartingResponse)context.Features.GetRequiredFeature<IHttpResponseFeature>()).StartAsync();
    }

    private static FeatureCollection Request(PortalClient client, string path, StartingResponse response)
    {
        var request = new HttpRequestFeature { Method = HttpMethods.Get, Scheme = "http", Protocol = "HTTP/1.1", Path = path };
        client.Arrive();
        request.Headers.Cookie = client.Cookies;
        var features = new FeatureCollection(initialCapacity: 16);
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = client.Address });
        if (client.User is { } user)
            features.Set<IHttpAuthenticationFeature>(new HttpAuthenticationFeature { User = user });
        return features;
    }
}
