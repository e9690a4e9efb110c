using System.Globalization;
using System.Net;
using System.Security.Claims;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>Who asks: an address, an account, and a session from the first answer on.</summary>
internal sealed class PortalClient(IPAddress address, ClaimsPrincipal? user = null)
{
    private const string SessionCookie = "scrapeguard=";

    private string? session;

    public IPAddress Address => address;

    public ClaimsPrincipal? User => user;

    /// <summary>The header that sends the session; null before there is one.</summary>
    public string? Cookies => session;

    /// <summary>A stranger, who keeps no cookie.</summary>
    public static PortalClient Stranger(int number) => new(AddressOf(number));

    /// <summary>A client with an account.</summary>
    public static PortalClient Professional(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"account{number}");
        return new(AddressOf(number), new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", name)], "benchmark")));
    }

    /// <summary>Keeps the session that an answer sets, as a browser does; a stranger does not.</summary>
    public void Keep(string? setCookie)
    {
        if (user is not null && setCookie is not null && setCookie.StartsWith(SessionCookie, StringComparison.Ordinal))
            session = setCookie.Split(';')[0];
    }

    private static IPAddress AddressOf(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
