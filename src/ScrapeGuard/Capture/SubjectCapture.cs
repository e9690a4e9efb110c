using System.Security.Claims;
using System.Security.Principal;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Counting;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Capture;

/// <summary>Who asks: the address, the session and the account of a request.</summary>
internal sealed class SubjectCapture(Pseudonyms pseudonyms, SessionCookie cookie, ILogger<SubjectCapture> logger)
{
    private int warnedOfNoAddress;

    /// <summary>Captures whatever a request tells of who asks.</summary>
    public void Capture(HttpContext context, Settings settings, CapturedSubjects captured)
    {
        Begin(captured);
        Complete(context, settings, captured);
    }

    /// <summary>Begins with nothing: a request that is blocked for its account need not have its cookie checked.</summary>
    public void Begin(CapturedSubjects captured) => Begin(captured, pseudonyms.Past);

    // A key may take over between two looks at the clock.
    private void Begin(CapturedSubjects captured, Pseudonyms.Generation[] past) => captured.Begin(past, pseudonyms.CountedOf(past));

    /// <summary>Begins with the session's cookie, which takes longest.</summary>
    public void SeekSession(HttpContext context, Settings settings, CapturedSubjects captured)
    {
        if (settings.Session.IsOwn)
            captured.SeekSession(cookie, context.Request);
    }

    /// <summary>Captures all that was not asked for yet.</summary>
    public void Complete(HttpContext context, Settings settings, CapturedSubjects captured)
    {
        Find(SubjectType.Account, context, settings, captured);
        Find(SubjectType.Session, context, settings, captured);
        Find(SubjectType.Address, context, settings, captured);
        captured.Complete();
    }

    /// <summary>Captures one subject, if that was not done before.</summary>
    public void Find(SubjectType type, HttpContext context, Settings settings, CapturedSubjects captured)
    {
        if (captured.IsKnown(type))
            return;
        switch (type)
        {
            case SubjectType.Account:
                var account = AccountOf(RequestFeatures.User(context.Features), settings.Options.Account.Claim);
                captured.TakeAccount(account, account is not null && settings.IsExempt(account));
                break;
            case SubjectType.Address:
                captured.TakeAddress(AddressOf(context, settings));
                break;
            default:
                FindSession(context, settings, captured);
                break;
        }
    }

    private void FindSession(HttpContext context, Settings settings, CapturedSubjects captured)
    {
        // No limit applies to the session of an exempt account.
        Find(SubjectType.Account, context, settings, captured);
        if (settings.Session.IsOwn)
            captured.TakeSession(cookie, context.Request);
        else
            captured.TakeSession(SessionOf(context, settings.Session));
    }

    private AddressInClear AddressOf(HttpContext context, Settings settings)
    {
        if (RequestFeatures.Connection(context.Features)?.RemoteIpAddress is { } remote)
            return settings.IsExempt(remote) ? default : AddressInClear.Of(remote, settings.Options.Address.IPv6PrefixLength);
        if (Interlocked.Exchange(ref warnedOfNoAddress, 1) == 0)
            logger.NoRemoteAddress();
        return default;
    }

    internal static string? AccountOf(ClaimsPrincipal? user, string claim)
    {
        if (user is null || PrimaryOf(user)?.IsAuthenticated != true)
            return null;
        var value = ValueOf(user, claim);
        if (string.IsNullOrEmpty(value))
            value = ValueOf(user, ClaimTypes.NameIdentifier);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>As <see cref="ClaimsPrincipal.Identity"/>, which makes an enumerator, for the principals that everybody has.</summary>
    private static IIdentity? PrimaryOf(ClaimsPrincipal user) =>
        user.GetType() == typeof(ClaimsPrincipal) && IdentityOf(user) is { } only ? only : user.Identity;

    /// <summary>As <see cref="ClaimsPrincipal.FindFirst(string)"/>, which makes enumerators, for the principals that everybody has.</summary>
    private static string? ValueOf(ClaimsPrincipal user, string type)
    {
        if (IdentityOf(user) is not { Claims: List<Claim> claims })
            return user.FindFirst(type)?.Value;
        foreach (var claim in claims)
        {
            if (string.Equals(claim.Type, type, StringComparison.OrdinalIgnoreCase))
                return claim.Value;
        }

        return null;
    }

    /// <summary>The only identity of a principal; null for one that has several, or keeps them in another way.</summary>
    private static ClaimsIdentity? IdentityOf(ClaimsPrincipal user) => user.Identities is List<ClaimsIdentity> { Count: 1 } identities && identities[0].GetType() == typeof(ClaimsIdentity) ? identities[0] : null;

    private static string? SessionOf(HttpContext context, in SessionSource source) => source.Kind switch
    {
        "Claim" => ValueOf(context.User, source.Name),
        "Header" => context.Request.Headers[source.Name].ToString(),
        _ => context.Request.Cookies[source.Name],
    };
}
