using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ScrapeGuard.Exposure;

/// <summary>Tells the redirects of the cookie handler from those of a page: a forbid goes to its access-denied page, a challenge to its login page.</summary>
internal static class AuthorizationResults
{
    public static bool WasForbidden(HttpContext context) => RedirectsTo(context, options => options.AccessDeniedPath, options => options.LoginPath);

    public static bool WasChallenged(HttpContext context) => RedirectsTo(context, options => options.LoginPath, _ => default);

    private static bool RedirectsTo(
        HttpContext context, Func<CookieAuthenticationOptions, PathString> path, Func<CookieAuthenticationOptions, PathString> unless)
    {
        var location = context.Response.Headers.Location.ToString();
        if (location.Length == 0 || context.RequestServices.GetService<IOptionsMonitor<CookieAuthenticationOptions>>() is not { } cookies)
            return false;
        var target = Uri.TryCreate(location, UriKind.Absolute, out var uri) && !uri.IsFile ? uri.AbsolutePath : location.Split('?', 2)[0];
        foreach (var scheme in CookieSchemes.Of(context))
        {
            var options = cookies.Get(scheme);
            var wanted = context.Request.PathBase + path(options);
            if (wanted.HasValue && string.Equals(target, wanted.ToUriComponent(), StringComparison.OrdinalIgnoreCase)
                && wanted != context.Request.PathBase + unless(options))
            {
                return true;
            }
        }

        return false;
    }
}
