namespace BreachReplay.Portals;

/// <summary>How the portal answered a request for records.</summary>
internal enum Answer
{
    /// <summary>With the records.</summary>
    Shown,

    /// <summary>With a redirect to the confirmation page.</summary>
    StepUp,

    /// <summary>With 429.</summary>
    Blocked,

    /// <summary>With anything else, or not at all.</summary>
    Failed,
}
