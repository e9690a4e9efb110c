namespace ScrapeGuard.Counting.Log;

/// <summary>How an event names the windows it is charged to.</summary>
[Flags]
internal enum ChargeForm : byte
{
    /// <summary>Every window that counts its kind.</summary>
    Every,

    /// <summary>Only windows that are charged with all views.</summary>
    AllViews,

    /// <summary>Only windows whose labels are listed.</summary>
    Listed,

    /// <summary>The part of a form that is one of those above; the flags below say which windows of signals are charged besides.</summary>
    Regular = 3,
    Anonymous = 4,
    Warned = 8,
    Newcomers = 16,
    Swept = 32,
}
