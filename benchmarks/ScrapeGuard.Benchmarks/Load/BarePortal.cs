using MemberPortal;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>The sample portal as it was before ScrapeGuard: the same services and pages, and its pipeline without <c>UseScrapeGuard</c>.</summary>
internal static class BarePortal
{
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = "MemberPortal",
            ContentRootPath = AppContext.BaseDirectory,
        });
        Portal.AddPortal(builder);
        builder.Services.AddHealthChecks();

        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseStaticFiles();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapRazorPages();
        app.MapHealthChecks("/health");
        return app;
    }
}
