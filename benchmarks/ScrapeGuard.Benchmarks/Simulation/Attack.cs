namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>How somebody scrapes a site.</summary>
/// <param name="Name">How tables call it.</param>
internal sealed record Attack(string Name)
{
    /// <summary>Addresses of the attacker's own.</summary>
    public int Addresses { get; init; } = 1;

    /// <summary>Stolen accounts of people who go on working; 0 for a portal where nobody signs in.</summary>
    public int Accounts { get; init; } = 1;

    /// <summary>Whether the attacker sits at the site's largest place, with the account of somebody there.</summary>
    public bool IsInside { get; init; }

    public ReadingOrder Order { get; init; } = ReadingOrder.StolenList;

    /// <summary>Seconds from one view to the next, of all clients together.</summary>
    public double Gap { get; init; } = 0.2;

    /// <summary>Whether an account takes the addresses in turn, rather than one until that is refused.</summary>
    public bool IsSpread { get; init; }

    /// <summary>Views that an account makes before it is the next one's turn.</summary>
    public int ViewsInTurn { get; init; } = 1;

    /// <summary>Views before a client gets itself another session; 0 for none at all.</summary>
    public int ViewsOfSession { get; init; } = int.MaxValue;

    /// <summary>Records after which an account rests until the next day.</summary>
    public int PerDay { get; init; } = int.MaxValue;

    /// <summary>After how many views there is a pause.</summary>
    public int Burst { get; init; } = int.MaxValue;

    /// <summary>How long the pause is, in seconds.</summary>
    public double Pause { get; init; }

    /// <summary>The share of views of records that it has seen before.</summary>
    public double Revisits { get; init; }

    /// <summary>Whether somebody completes each step-up for it.</summary>
    public bool PassesStepUps { get; init; }

    /// <summary>Clients: each an account, or an address that nobody signs in from.</summary>
    public int Clients => Math.Max(Accounts, Accounts == 0 ? Addresses : 0);
}
