using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>The smallest page there is, so that nothing hides what ScrapeGuard costs: some bytes of JSON, an account by header, metrics that are read.</summary>
internal static class TinyApp
{
    public static WebApplication Create(string[] args, bool isGuarded)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton<MetricsReader>();
        if (isGuarded)
            builder.Services.AddScrapeGuard(builder.Configuration.GetSection("ScrapeGuard"));
        var app = builder.Build();
        app.Services.GetRequiredService<MetricsReader>();
        app.UseRouting();
        app.Use(TakeAccount);
        if (isGuarded)
            app.UseScrapeGuard();
        app.MapGet("/members/{id:int}", (int id) => new TinyMember(id, string.Create(CultureInfo.InvariantCulture, $"Member {id}")))
            .RequireScrapeGuard("member", record: "id");
        return app;
    }

    private static Task TakeAccount(HttpContext context, RequestDelegate next)
    {
        // A principal for each request, as authentication makes them.
        if (context.Request.Headers["X-Account"] is [{ } name])
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", name)], "header"));
        return next(context);
    }
}
