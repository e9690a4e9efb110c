namespace BreachReplay.Portals;

/// <summary>A subject as the portal's API tells of it; only what the table needs.</summary>
internal sealed record SubjectEntry(BlockEntry? Block);
