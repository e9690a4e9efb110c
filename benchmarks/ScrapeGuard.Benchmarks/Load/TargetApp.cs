namespace ScrapeGuard.Benchmarks.Load;

/// <summary>An application to put under load.</summary>
/// <param name="Name">For <see cref="ServedApp"/> and the table.</param>
/// <param name="Records">How many records it has; 0: without end.</param>
/// <param name="VisitAsync">Makes its clients.</param>
internal sealed record TargetApp(string Name, string Page, int Records, Func<Uri, Task<Visitor[]>> VisitAsync)
{
    public static readonly TargetApp[] All =
    [
        new(ServedApp.Tiny, "a page of tiny JSON, 1,000 clients", 0, app => Visitors.OfTinyAsync(app, 1_000)),
        new(ServedApp.Portal, "MemberPortal's page of a member, 200 professionals logged in", MemberPortal.Members.InventedMembers.Count,
            app => Visitors.OfPortalAsync(app, MemberPortal.Professionals.Count)),
    ];
}
