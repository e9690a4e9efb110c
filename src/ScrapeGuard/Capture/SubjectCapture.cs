using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Counting;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Capture;

/// <summary>Who asks: the address, the session and the account of a request.</summary>
internal sealed class SubjectCapture(Pseudonyms pseudonyms, SessionCookie cookie, ILogger<SubjectCapture> logger)
{
    private int warnedOfNoAddress;

    public CapturedSubjects Capture(HttpContext context, Settings settings)
    {
        var account = AccountOf(context.User, settings.Options.Account.Claim);
        var session = SessionOf(context, settings.Options.Session.From);
        var remote = context.Connection.RemoteIpAddress;
        if (remote is null && Interlocked.Exchange(ref warnedOfNoAddress, 1) == 0)
            logger.NoRemoteAddress();
        var address = remote is null || settings.IsExempt(remote) ? null : ClientAddress.SubjectOf(remote, settings.Options.Address.IPv6PrefixLength);
        var isExempt = account is not null && settings.IsExempt(account);
        var generations = pseudonyms.Past;
        var keys = new ViewSubjects[generations.Count];
        for (var index = 0; index < keys.Length; index++)
        {
            var generation = generations[index];
            keys[index] = new ViewSubjects(
                account is null || isExempt ? null : generation.Subject(SubjectType.Account, account),
                session is null || isExempt ? null : generation.Subject(SubjectType.Session, session),
                address is null ? null : generation.Subject(SubjectType.Address, address))
            {
                IsSignedIn = account is not null,
                IsExemptAccount = isExempt,
            };
        }

        return new CapturedSubjects(generations, pseudonyms.Counted, keys, address, session is not null);
    }

    internal static string? AccountOf(ClaimsPrincipal user, string claim)
    {
        if (user.Identity?.IsAuthenticated != true)
            return null;
        var value = user.FindFirst(claim)?.Value;
        if (string.IsNullOrEmpty(value))
            value = user.FindFirst(ClaimTypes.NameIdentifier)?.Value;
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private string? SessionOf(HttpContext context, string from)
    {
        if (from == "Cookie")
            return cookie.Read(context.Request);
        var separator = from.IndexOf(':', StringComparison.Ordinal);
        var name = from[(separator + 1)..];
        var value = from[..separator] switch
        {
            "Claim" => context.User.FindFirst(name)?.Value,
            "Header" => context.Request.Headers[name].ToString(),
            _ => context.Request.Cookies[name],
        };
        return string.IsNullOrEmpty(value) ? null : value;
    }
}

/// <summary>The subjects of a request as counting knows them, and what of them may be shown.</summary>
/// <param name="Generations">The current key and those before it.</param>
/// <param name="Counted">How many of them the view is counted under.</param>
/// <param name="ByKey">The subjects as counting knows them, under each of those keys.</param>
/// <param name="Address">The address in clear; null where the request has none.</param>
/// <param name="HasSession">Whether the request brought a valid session.</param>
internal readonly record struct CapturedSubjects(
    IReadOnlyList<Pseudonyms.Generation> Generations, int Counted, ViewSubjects[] ByKey, string? Address, bool HasSession)
{
    /// <summary>The subjects under the current key.</summary>
    public ViewSubjects Keys => ByKey[0];
}
