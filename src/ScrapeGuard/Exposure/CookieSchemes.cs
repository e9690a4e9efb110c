using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ScrapeGuard.Exposure;

/// <summary>The names of the cookie authentication schemes of the portal.</summary>
internal static class CookieSchemes
{
    public static IEnumerable<string> Of(HttpContext context)
    {
        var options = context.RequestServices.GetService<IOptions<AuthenticationOptions>>();
        return options?.Value.Schemes.Where(scheme => scheme.HandlerType == typeof(CookieAuthenticationHandler)).Select(scheme => scheme.Name) ?? [];
    }
}
