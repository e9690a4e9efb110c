namespace ScrapeGuard;

/// <summary>What happens to a view that a limit does not allow.</summary>
public enum ScrapeGuardMode
{
    /// <summary>Everything is counted, judged and shown; nothing is refused. The default.</summary>
    Observe,

    /// <summary>Views past a limit are refused.</summary>
    Enforce,
}
