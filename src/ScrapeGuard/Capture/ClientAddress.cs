using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ScrapeGuard.Capture;

/// <summary>The subject that an IP address belongs to: IPv4 by itself, IPv6 by its prefix.</summary>
internal static class ClientAddress
{
    /// <summary>The text of the subject: <c>203.0.113.7</c>, or <c>2001:db8:1:2::/64</c>.</summary>
    public static string SubjectOf(IPAddress address, int prefixLength)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        bits &= prefixLength == 0 ? 0 : UInt128.MaxValue << (128 - prefixLength);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);

        // A new address has no scope id: the interface a packet came through is no part of the client.
        var prefix = new IPAddress(bytes);
        return prefixLength == 128 ? prefix.ToString() : $"{prefix}/{prefixLength}";
    }
}
