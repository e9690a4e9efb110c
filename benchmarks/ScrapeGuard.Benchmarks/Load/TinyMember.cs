namespace ScrapeGuard.Benchmarks.Load;

/// <summary>What the tiny page shows.</summary>
internal sealed record TinyMember(int Id, string Name);
