using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ScrapeGuard.Operations;

/// <summary>Who may use the dashboard's routes: whom the portal's authorization lets through; without any, loopback in Development and nobody elsewhere.</summary>
internal static class DashboardRights
{
    public static int? Refuse(HttpContext context)
    {
        var metadata = context.GetEndpoint()!.Metadata;
        var isAuthorized = metadata.GetMetadata<IAuthorizeData>() is not null && metadata.GetMetadata<IAllowAnonymous>() is null;
        if (!isAuthorized && !IsDeveloper(context))
            return StatusCodes.Status404NotFound;

        // A page of somebody else's may make the operator's browser send a request, never with this header set otherwise.
        var site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        return !HttpMethods.IsGet(context.Request.Method) && site is "cross-site" or "same-site" ? StatusCodes.Status403Forbidden : null;
    }

    private static bool IsDeveloper(HttpContext context) =>
        context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
        && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}
