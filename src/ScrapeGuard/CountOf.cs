namespace ScrapeGuard;

/// <summary>What a limit counts.</summary>
public enum CountOf
{
    /// <summary>Requests to display pages.</summary>
    Views,

    /// <summary>Novel records: those this subject has not been shown in the last 24 hours.</summary>
    Records,

    /// <summary>Views that found nothing or were forbidden: 404, 410, 403.</summary>
    Misses,
}
