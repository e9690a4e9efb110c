using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ScrapeGuard.Capture;

/// <summary>Authorization that may ask whoever is not signed in to do so, which is known only by its answer.</summary>
internal static class PendingAuthorization
{
    /// <summary>Whether nobody is signed in, and the view may yet turn out to be none as the page is for those who are.</summary>
    public static bool MayChallenge(GuardedRequest request) =>
        request.Context is { } context
        && RequestFeatures.User(context.Features)?.Identity?.IsAuthenticated != true
        && (request.IsAnswered || !LetBy(context))
        && IsRequired(context);

    /// <summary>Whether authorization came before, as it does where an action or a list is counted: by the mark that it leaves.</summary>
    private static bool LetBy(HttpContext context) => context.Items.ContainsKey("__AuthorizationMiddlewareWithEndpointInvoked");

    private static bool IsRequired(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<IAllowAnonymous>() is not null)
            return false;
        return metadata?.GetMetadata<IAuthorizeData>() is not null || metadata?.GetMetadata<AuthorizationPolicy>() is not null
            || metadata?.GetMetadata<IAuthorizationRequirementData>() is not null || HasFallback(context);
    }

    /// <summary>Whether there is a policy for endpoints that name none. One that is still being looked for may be.</summary>
    private static bool HasFallback(HttpContext context) =>
        context.RequestServices.GetService<IAuthorizationPolicyProvider>()?.GetFallbackPolicyAsync() is { } finding
        && (!finding.IsCompletedSuccessfully || finding.Result is not null);
}
