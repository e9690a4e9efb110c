namespace BreachReplay.Portals;

/// <summary>One page of <c>api/blocks</c>.</summary>
internal sealed record BlockPage(IReadOnlyList<BlockEntry>? Items, string? Next);
