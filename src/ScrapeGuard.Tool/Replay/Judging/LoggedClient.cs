using System.Net;
using System.Security.Cryptography;
using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay.Pages;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>
/// A client as a log names it. A name that a server looked up for an address counts as an address of its own, one that nobody has, so that the limits of
/// addresses hold for it too.
/// </summary>
internal sealed class LoggedClient
{
    /// <summary>The first bits of addresses that are not given to anybody (4000::/3).</summary>
    private const byte Unassigned = 0x40;

    public LoggedClient(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text is [(byte)'-'])
            return;
        Text = TargetText.ToText(text);
        Address = ClientText.TryParse(text, out var address) ? address : AddressOfName(text);
    }

    /// <param name="text">As it stood in the log.</param>
    /// <param name="address">What its address was then.</param>
    public LoggedClient(string text, IPAddress? address) => (Text, Address) = (text, address);

    /// <summary>As it stands in the log; <c>-</c> where it does not tell.</summary>
    public string Text { get; } = "-";

    /// <summary>Null where the log does not tell.</summary>
    public IPAddress? Address { get; }

    /// <summary>The figures of its address, looked up before.</summary>
    public Tally? Tally { get; set; }

    private static IPAddress AddressOfName(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        hash[0] = (byte)(Unassigned | (hash[0] & 0x1f));
        return new IPAddress(hash[..16]);
    }
}
