namespace ScrapeGuard.Counting.Log;

/// <summary>How an event names the windows it is charged to.</summary>
internal enum ChargeForm : byte
{
    /// <summary>Every window that counts its kind.</summary>
    Every,

    /// <summary>Only windows that are charged with all views.</summary>
    AllViews,

    /// <summary>Only windows whose labels are listed.</summary>
    Listed,
}
