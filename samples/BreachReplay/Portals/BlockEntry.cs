using System.Net;

namespace BreachReplay.Portals;

/// <summary>A block as the portal's API tells it; only what the table needs.</summary>
internal sealed record BlockEntry(string? Subject, string? Value, string? Reach, string? Cause, string? Mode, string? Explanation)
{
    public bool IsOf(string address)
    {
        if (!string.Equals(Subject, "Address", StringComparison.OrdinalIgnoreCase)) return false;
        return Value == address || (IPNetwork.TryParse(Value, out var network) && network.PrefixLength == 32 && network.BaseAddress.ToString() == address);
    }
}
