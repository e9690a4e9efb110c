using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Capture;

/// <summary>
/// Where <c>UseScrapeGuard</c> stands in the pipeline, told by the marks that ASP.NET's own middleware leaves in the properties of the pipeline. A
/// <see cref="WebApplication"/> that starts puts what the portal did not call in front of everything, so the marks are read before and after.
/// </summary>
internal sealed class Placement(IServiceProvider services, ILogger<Placement> logger)
{
    private const int RoutingFault = 1;
    private const int AuthenticationFault = 2;
    private const int AuthorizationFault = 4;
    private const int MostChecks = 1000;

    private readonly List<Use> uses = [];
    private bool isStarting;
    private int faults;
    private int checks;

    public bool IsUsed => uses.Count > 0;

    private bool HasSchemes => services.GetService<IAuthenticationSchemeProvider>() is not null;

    public void Add(IApplicationBuilder app) => uses.Add(new Use(app, Marks.Of(app), isStarting));

    /// <summary>Before the server builds the pipeline: whatever has left a mark by now, the portal called.</summary>
    public void CheckBeforeStart()
    {
        isStarting = true;
        foreach (var use in uses)
            CheckCalled(use);
    }

    /// <summary>After the start: a host without <see cref="WebApplication"/> has called everything just now.</summary>
    public void CheckAfterStart()
    {
        foreach (var use in uses)
        {
            if (use.IsLate)
                CheckCalled(use);
            else if (!use.IsAuthorizationCalled && Marks.Of(use.App).Authorization && IsFirst(AuthorizationFault))
                logger.AfterAddedAuthorization();
        }
    }

    /// <summary>What no mark tells: at a request of a display page.</summary>
    public void Check(HttpContext context)
    {
        // A pipeline stays as it is: the first few requests tell all there is to tell.
        if (Volatile.Read(ref checks) >= MostChecks)
            return;
        Interlocked.Increment(ref checks);
        if (context.Items.ContainsKey("__AuthorizationMiddlewareWithEndpointInvoked") && IsFirst(AuthorizationFault))
            logger.AfterAuthorization();
        if (context.Features.Get<IAuthenticationFeature>() is null && (faults & AuthenticationFault) == 0 && HasSchemes && IsFirst(AuthenticationFault))
            logger.BeforeAuthentication();
    }

    private void CheckCalled(Use use)
    {
        var called = Marks.Of(use.App);
        if (!use.Before.Routing && called.Routing && IsFirst(RoutingFault))
            logger.BeforeRouting();
        if (!use.Before.Authentication && called.Authentication && HasSchemes && IsFirst(AuthenticationFault))
            logger.BeforeAuthentication();
        if (use.Before.Authorization && IsFirst(AuthorizationFault))
            logger.AfterAuthorization();
        use.IsAuthorizationCalled = called.Authorization;
    }

    private bool IsFirst(int fault) => (Interlocked.Or(ref faults, fault) & fault) == 0;

    private sealed record Use(IApplicationBuilder App, Marks Before, bool IsLate)
    {
        public bool IsAuthorizationCalled { get; set; }
    }

    private readonly record struct Marks(bool Routing, bool Authentication, bool Authorization)
    {
        public static Marks Of(IApplicationBuilder app) => new(
            app.Properties.ContainsKey("__EndpointRouteBuilder"),
            app.Properties.ContainsKey("__AuthenticationMiddlewareSet"),
            app.Properties.ContainsKey("__AuthorizationMiddlewareSet"));
    }
}
