namespace ScrapeGuard.Benchmarks.Load;

/// <summary>An application to put under load.</summary>
/// <param name="Name">For <see cref="ServedApp"/>.</param>
/// <param name="Page">For the table.</param>
/// <param name="Clients">
/// How many clients there are, unless the plan says otherwise: so many that none of them, at the rate of a benchmark and for as long, is seen to read too fast.
/// </param>
/// <param name="MostClients">How many there are at most.</param>
/// <param name="Records">How many records it has; 0: without end.</param>
/// <param name="VisitAsync">Makes its clients.</param>
internal sealed record TargetApp(string Name, string Page, int Clients, int MostClients, int Records, Func<Uri, int, Task<Visitor[]>> VisitAsync)
{
    public static readonly TargetApp[] All =
    [
        new(ServedApp.Tiny, "a page of tiny JSON", 20_000, 60_000, 0, Visitors.OfTinyAsync),
        new(ServedApp.Portal, "MemberPortal's page of a member", MemberPortal.Professionals.Count, MemberPortal.Professionals.Count,
            MemberPortal.Members.InventedMembers.Count, Visitors.OfPortalAsync),
    ];

    /// <summary>How many clients a plan has.</summary>
    public int ClientsOf(LoadPlan plan) => Math.Min(plan.Clients ?? Clients, MostClients);
}
