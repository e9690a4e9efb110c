using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.Routing;

namespace ScrapeGuard.Capture;

/// <summary>
/// What a view needs of the features of its request. By their types and not by <see cref="IFeatureCollection.Get{T}"/>: the runtime resolves a generic
/// method of an interface anew at each call, which takes longer than finding the feature.
/// </summary>
internal static class RequestFeatures
{
    public static Endpoint? Endpoint(IFeatureCollection features) => (features[typeof(IEndpointFeature)] as IEndpointFeature)?.Endpoint;

    /// <summary>The request as ScrapeGuard knows it; null for one that it has not opened.</summary>
    public static GuardedRequest? Guarded(IFeatureCollection features) => features[typeof(GuardedRequest)] as GuardedRequest;

    /// <summary>Has the request found from now on; null: no more.</summary>
    public static void SetGuarded(IFeatureCollection features, GuardedRequest? request) => features[typeof(GuardedRequest)] = request;

    /// <summary>Who is signed in; null where nobody looked. <see cref="HttpContext.User"/> would make somebody up.</summary>
    public static ClaimsPrincipal? User(IFeatureCollection features) =>
        (features[typeof(IHttpAuthenticationFeature)] as IHttpAuthenticationFeature)?.User;

    public static IHttpConnectionFeature? Connection(IFeatureCollection features) => features[typeof(IHttpConnectionFeature)] as IHttpConnectionFeature;

    public static object? RouteValue(IFeatureCollection features, string name) =>
        (features[typeof(IRouteValuesFeature)] as IRouteValuesFeature)?.RouteValues[name];
}
