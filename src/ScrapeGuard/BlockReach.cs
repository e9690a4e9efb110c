namespace ScrapeGuard;

/// <summary>Whom the block of an address refuses. A block of a session or an account always refuses it everywhere.</summary>
public enum BlockReach
{
    /// <summary>Anonymous views and warned accounts; accounts in good standing still pass.</summary>
    Strangers,

    /// <summary>Strangers, and accounts first seen at this address less than 24 hours ago. Set for the cause Rotation.</summary>
    Newcomers,

    /// <summary>Whoever comes from the address.</summary>
    Everyone,
}
