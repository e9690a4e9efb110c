using System.Net;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>The client as servers write it: an address, perhaps with a port, or the name they looked up for it.</summary>
internal static class ClientText
{
    private const int LongestAddress = 64;

    public static bool IsAddress(ReadOnlySpan<byte> text) => TryParse(text, out _);

    public static bool TryParse(ReadOnlySpan<byte> text, out IPAddress? address)
    {
        address = null;
        if (text.Length is < 2 or > LongestAddress)
            return false;
        var colon = text.LastIndexOf((byte)':');
        if (text[0] == '[')
            text = text.IndexOf((byte)']') is > 0 and var end ? text[1..end] : text;
        else if (colon > 0 && text.IndexOf((byte)':') == colon)
            text = text[..colon];

        // A single number would parse as an address too.
        if (!text.Contains((byte)':') && text.Count((byte)'.') != 3)
            return false;
        return IPAddress.TryParse(text, out address);
    }
}
