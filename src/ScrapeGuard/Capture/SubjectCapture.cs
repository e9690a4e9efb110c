using System.Runtime.InteropServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Counting;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Capture;

/// <summary>Who asks: the address, the session and the account of a request.</summary>
internal sealed class SubjectCapture(Pseudonyms pseudonyms, SessionCookie cookie, ILogger<SubjectCapture> logger)
{
    private int warnedOfNoAddress;

    public void Capture(HttpContext context, Settings settings, CapturedSubjects captured)
    {
        var account = AccountOf(context.Features.Get<IHttpAuthenticationFeature>()?.User, settings.Options.Account.Claim);
        var isExempt = account is not null && settings.IsExempt(account);
        Span<byte> cookieId = stackalloc byte[SessionCookie.IdLength];
        var session = SessionOf(context, settings.Options.Session.From, cookieId);
        captured.Begin(pseudonyms.Past, pseudonyms.Counted, AddressOf(context, settings), !session.IsEmpty);
        for (var index = 0; index < captured.Generations.Length; index++)
        {
            var generation = captured.Generations[index];
            captured.ByKey[index] = new ViewSubjects(
                account is null || isExempt ? null : generation.Subject(SubjectType.Account, account),
                session.IsEmpty || isExempt ? null : generation.Subject(SubjectType.Session, session),
                captured.Address is { } address ? generation.Subject(address) : null)
            {
                IsSignedIn = account is not null,
                IsExemptAccount = isExempt,
            };
        }
    }

    private AddressInClear? AddressOf(HttpContext context, Settings settings)
    {
        if (context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress is { } remote)
            return settings.IsExempt(remote) ? null : AddressInClear.Of(remote, settings.Options.Address.IPv6PrefixLength);
        if (Interlocked.Exchange(ref warnedOfNoAddress, 1) == 0)
            logger.NoRemoteAddress();
        return null;
    }

    internal static string? AccountOf(ClaimsPrincipal? user, string claim)
    {
        if (user?.Identity?.IsAuthenticated != true)
            return null;
        var value = ValueOf(user, claim);
        if (string.IsNullOrEmpty(value))
            value = ValueOf(user, ClaimTypes.NameIdentifier);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>As <see cref="ClaimsPrincipal.FindFirst(string)"/>, which makes enumerators, for the principals that everybody has.</summary>
    private static string? ValueOf(ClaimsPrincipal user, string type)
    {
        if (user.Identities is not List<ClaimsIdentity> { Count: 1 } identities || identities[0].Claims is not List<Claim> claims)
            return user.FindFirst(type)?.Value;
        foreach (var claim in claims)
        {
            if (string.Equals(claim.Type, type, StringComparison.OrdinalIgnoreCase))
                return claim.Value;
        }

        return null;
    }

    private ReadOnlySpan<byte> SessionOf(HttpContext context, string from, Span<byte> cookieId)
    {
        if (from == "Cookie")
            return cookieId[..cookie.Read(context.Request, cookieId)];
        var separator = from.IndexOf(':', StringComparison.Ordinal);
        var name = from[(separator + 1)..];
        var value = from[..separator] switch
        {
            "Claim" => context.User.FindFirst(name)?.Value,
            "Header" => context.Request.Headers[name].ToString(),
            _ => context.Request.Cookies[name],
        };
        return MemoryMarshal.AsBytes(value.AsSpan());
    }
}
