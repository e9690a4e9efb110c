namespace ScrapeGuard;

/// <summary>What an address is.</summary>
public sealed class AddressOptions
{
    /// <summary>The number of leading bits that make an IPv6 subject, 32 to 128. Default: 64, what one customer is given (RFC 6177).</summary>
    public int IPv6PrefixLength { get; set; } = 64;

    /// <summary>Addresses or networks in CIDR notation that no limit applies to. Default: none.</summary>
    public IList<string> Exempt { get; } = [];
}
