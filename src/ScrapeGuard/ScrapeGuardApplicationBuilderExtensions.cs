using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ScrapeGuard.Capture;

namespace ScrapeGuard;

/// <summary>Puts ScrapeGuard into a portal's pipeline.</summary>
public static class ScrapeGuardApplicationBuilderExtensions
{
    /// <summary>Guards the display pages. Belongs after <c>UseAuthentication</c> and before <c>UseAuthorization</c>.</summary>
    /// <param name="app">The portal's pipeline.</param>
    /// <returns>The same pipeline.</returns>
    /// <exception cref="InvalidOperationException">Without <c>AddScrapeGuard</c>.</exception>
    public static IApplicationBuilder UseScrapeGuard(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<Guard>() is null)
        {
            throw new InvalidOperationException(
                "UseScrapeGuard needs its services. Add builder.Services.AddScrapeGuard(builder.Configuration.GetSection(\"ScrapeGuard\")) before building the app.");
        }

        app.ApplicationServices.GetRequiredService<Placement>().Add(app);
        return app.UseMiddleware<ScrapeGuardMiddleware>();
    }
}
