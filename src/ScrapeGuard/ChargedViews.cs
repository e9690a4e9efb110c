namespace ScrapeGuard;

/// <summary>Which views an address is charged with by a limit per address.</summary>
public enum ChargedViews
{
    /// <summary>Anonymous views and views of warned accounts. The default: colleagues behind one address are not charged to each other.</summary>
    Strangers,

    /// <summary>Every view, whoever made it.</summary>
    All,
}
