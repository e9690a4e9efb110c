using System.Globalization;
using System.Net;
using System.Security.Claims;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>Who asks: an address, an account, and a session from the first answer on.</summary>
internal sealed class PortalClient(IPAddress address, ClaimsPrincipal? user = null)
{
    private const string SessionCookie = "scrapeguard=";
    private const string OtherCookie = "theme=dark";

    private string cookies = OtherCookie;

    public IPAddress Address => address;

    public ClaimsPrincipal? User => user;

    /// <summary>The header of a client who has been to a portal before, with the session once there is one.</summary>
    public string Cookies => cookies;

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
            cookies = $"{OtherCookie}; {setCookie.Split(';')[0]}";
    }

    /// <summary>Reads what a server and its authentication have only just written when a request comes to any middleware, so that it is as warm as then.</summary>
    public int Arrive()
    {
        var sum = address.GetHashCode();
        for (var index = cookies.Length - 1; index >= 0; index -= 16)
            sum += cookies[index];
        return sum + (user?.Identity is ClaimsIdentity { Claims: List<Claim> claims } ? claims[0].Type[0] + claims[0].Value[^1] : 0);
    }

    private static IPAddress AddressOf(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
