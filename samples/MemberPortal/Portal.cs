using System.Net;
using MemberPortal.Members;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using ScrapeGuard;

namespace MemberPortal;

/// <summary>The portal as one call, so that another process can start it, or several of it.</summary>
public static class Portal
{
    /// <summary>Builds the portal; the caller runs or starts it.</summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = "MemberPortal",
            ContentRootPath = AppContext.BaseDirectory,
        });
        if (!IsAddressConfigured(builder.Configuration)) builder.WebHost.UseUrls("http://localhost:5080");
        AddPortal(builder);
        builder.Services.AddScrapeGuard(builder.Configuration.GetSection("ScrapeGuard"));
        builder.Services.AddHealthChecks().AddScrapeGuard();

        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseStaticFiles();
        app.UseRouting();
        app.UseAuthentication();
        app.UseScrapeGuard();
        app.UseAuthorization();
        app.MapRazorPages();
        app.MapHealthChecks("/health");
        app.MapScrapeGuardDashboard("/scrapeguard");
        return app;
    }

    /// <summary>Adds what the portal needs besides ScrapeGuard.</summary>
    public static void AddPortal(WebApplicationBuilder builder)
    {
        var database = PortalFiles.Database(builder.Configuration);
        MemberDatabase.EnsureCreated(database);
        builder.Services.AddSingleton(_ => new MemberStore(database));

        // Beside the database, so that every node that shares the one reads the cookies of the others.
        builder.Services.AddDataProtection()
            .SetApplicationName("MemberPortal")
            .PersistKeysToFileSystem(new DirectoryInfo(PortalFiles.Keys(database)));
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "member-portal";
            cookie.LoginPath = "/login";
            cookie.AccessDeniedPath = "/login";
            cookie.ReturnUrlParameter = "returnUrl";
        });
        builder.Services.AddAuthorization();
        builder.Services.AddRazorPages(pages =>
        {
            if (builder.Configuration.GetValue("Portal:RequireLogin", true)) pages.Conventions.AuthorizeFolder("/Members");
        });
        if (builder.Environment.IsDevelopment()) builder.Services.Configure<ForwardedHeadersOptions>(TrustLoopback);
    }

    // Lets one machine play many clients. In production this would name the portal's own proxy instead.
    private static void TrustLoopback(ForwardedHeadersOptions forwarded)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
        forwarded.ForwardLimit = 1;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse("127.0.0.0/8"));
        forwarded.KnownIPNetworks.Add(new System.Net.IPNetwork(IPAddress.IPv6Loopback, 128));
    }

    private static bool IsAddressConfigured(ConfigurationManager configuration) =>
        configuration["urls"] is not null || configuration["http_ports"] is not null || configuration.GetSection("Kestrel:Endpoints").Exists();
}
