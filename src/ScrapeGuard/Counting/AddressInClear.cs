using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>The address that views are counted for: an IPv4 address, or the prefix of an IPv6 one. In clear it never leaves the process but in blocks.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct AddressInClear
{
    /// <summary>The most bytes that <see cref="Write"/> takes.</summary>
    public const int Length = 17;

    private const int IPv4Bits = 32;
    private static readonly UInt128 MappedIPv4 = (UInt128)0xffff << IPv4Bits;

    private readonly ulong high;
    private readonly ulong low;

    private AddressInClear(UInt128 bits, int prefixLength) => (high, low, PrefixLength) = ((ulong)(bits >> 64), (ulong)bits, prefixLength);

    /// <summary>0 for no address.</summary>
    public int PrefixLength { get; }

    private UInt128 Bits => new(high, low);

    private bool IsIPv4 => high == 0 && low >> IPv4Bits == 0xffff;

    /// <summary>The subject that an address belongs to: IPv4, mapped or not, by itself; IPv6 by its prefix, without the interface it came through.</summary>
    public static AddressInClear Of(IPAddress address, int prefixLength)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        if (written == 4)
            return new AddressInClear(MappedIPv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes), IPv4Bits);
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return bits >> IPv4Bits == 0xffff
            ? new AddressInClear(bits, IPv4Bits)
            : new AddressInClear(bits & (UInt128.MaxValue << (128 - prefixLength)), prefixLength);
    }

    /// <summary>Writes the bytes that are hashed and returns how many: an IPv4 address is told from a prefix by its length, and hashed in half the time.</summary>
    public int Write(Span<byte> bytes)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)low);
            return sizeof(uint);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        bytes[16] = (byte)PrefixLength;
        return Length;
    }

    /// <summary>As operators read it: <c>203.0.113.7</c>, or <c>2001:db8:1:2::/64</c>.</summary>
    public override string ToString()
    {
        if (IsIPv4)
            return new IPAddress(BinaryPrimitives.ReverseEndianness((uint)low)).ToString();
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        var prefix = new IPAddress(bytes);
        return PrefixLength == 128 ? prefix.ToString() : string.Create(CultureInfo.InvariantCulture, $"{prefix}/{PrefixLength}");
    }
}
