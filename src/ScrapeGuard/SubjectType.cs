namespace ScrapeGuard;

/// <summary>Whom views are counted for.</summary>
public enum SubjectType
{
    /// <summary>The client's address: an IPv4 address, or an IPv6 prefix (<see cref="AddressOptions.IPv6PrefixLength"/>).</summary>
    Address,

    /// <summary>The client's session.</summary>
    Session,

    /// <summary>The signed-in user.</summary>
    Account,
}
