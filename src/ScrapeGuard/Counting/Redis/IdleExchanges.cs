namespace ScrapeGuard.Counting.Redis;

/// <summary>Exchanges to be used again: as many as a busy flush takes, and none with the memory of a large one.</summary>
internal sealed class IdleExchanges(SubjectTable table, uint incarnation)
{
    /// <summary>Those of a node with some thousand views a second.</summary>
    public const int Most = 1024;

    private readonly Stack<SubjectExchange> idle = new();
    private readonly LogExpiry expiry = new(incarnation);

    public int Count => idle.Count;

    public SubjectExchange Take() => idle.TryPop(out var used) ? used : new SubjectExchange(table, incarnation, expiry);

    public void Return(SubjectExchange exchange)
    {
        if (idle.Count >= Most)
            return;
        exchange.LetGo();
        idle.Push(exchange);
    }
}
