using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace ScrapeGuard;

/// <summary>What makes the descriptions of address, session and account valid.</summary>
internal static class SubjectRules
{
    // RFC 9110, section 5.6.2; a cookie's name is a token too (RFC 6265, section 4.1.1).
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static void Check(ScrapeGuardOptions options, OptionProblems problems)
    {
        problems.CheckRange<int>("Address:IPv6PrefixLength", options.Address.IPv6PrefixLength, 32, 128);
        for (var i = 0; i < options.Address.Exempt.Count; i++)
        {
            if (FindRemedy(options.Address.Exempt[i]) is { } remedy)
                problems.Add($"Address:Exempt:{i}", options.Address.Exempt[i], remedy);
        }

        if (!IsSource(options.Session.From))
            problems.Add("Session:From", options.Session.From, "use Cookie, Claim:TYPE, Cookie:NAME or Header:NAME, with a valid name");

        problems.CheckNotBlank("Account:Claim", options.Account.Claim, "name a claim of the user such as sub");
        for (var i = 0; i < options.Account.Exempt.Count; i++)
            problems.CheckNotBlank($"Account:Exempt:{i}", options.Account.Exempt[i], "name an account, or remove the entry");
    }

    /// <summary>How to correct the entry; null when it is an address, or a network, in the form in which subjects are compared with it.</summary>
    private static string? FindRemedy(string? entry)
    {
        const string examples = "write an address such as 192.0.2.7, or a network such as 10.0.0.0/8";
        var addressText = entry?.Split('/')[0];
        if (!IPAddress.TryParse(addressText, out var address))
            return examples;

        // "10.1" parses as 10.0.0.1, and "010.0.0.1", which is octal, as 8.0.0.1.
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        if (isIPv4 && address.ToString() != addressText)
            return "write all four numbers of the address, without leading zeros";
        if (address.IsIPv4MappedToIPv6)
            return $"write it as IPv4, as in {address.MapToIPv4()}";
        if (!isIPv4 && address.ScopeId != 0)
            return "leave out the scope, from '%' on";
        if (addressText == entry)
            return null;
        if (!IPNetwork.TryParse(entry, out var network))
            return examples;
        return network.BaseAddress.Equals(address) ? null : $"it has bits beyond its prefix: write {network} for that network, or {address}";
    }

    private static bool IsSource(string? from) => from?.Split(':', 2) switch
    {
        ["Cookie"] => true,
        ["Claim", var type] => !string.IsNullOrWhiteSpace(type),
        ["Cookie" or "Header", { Length: > 0 } name] => !name.AsSpan().ContainsAnyExcept(TokenCharacters),
        _ => false,
    };
}
