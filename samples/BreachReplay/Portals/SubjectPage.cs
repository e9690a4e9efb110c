namespace BreachReplay.Portals;

/// <summary>The answer of <c>api/subjects</c>; only what the table needs.</summary>
internal sealed record SubjectPage(IReadOnlyList<SubjectEntry>? Items);
