using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Operations;

/// <summary>Addresses as operators write them.</summary>
internal static class AddressText
{
    /// <summary>What is read, in words.</summary>
    public const string Allowed = "one IPv4 address with all four numbers, or one IPv6 address; a network is none";

    /// <summary>
    /// The address a subject is counted for; null for none, for short forms such as 10.1, which would be read as 10.0.0.1, and for any network but that of an
    /// IPv6 subject.
    /// </summary>
    public static AddressInClear? Parse(string value, int prefixLength)
    {
        var text = value.Trim();
        var isSubject = text.EndsWith(string.Create(CultureInfo.InvariantCulture, $"/{prefixLength}"), StringComparison.Ordinal) && text.Contains(':');
        if (isSubject)
            text = text[..text.LastIndexOf('/')];
        if (text.AsSpan().ContainsAny("[]%/") || !IPAddress.TryParse(text, out var address))
            return null;
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text)
            return null;
        return AddressInClear.Of(address, prefixLength);
    }
}
