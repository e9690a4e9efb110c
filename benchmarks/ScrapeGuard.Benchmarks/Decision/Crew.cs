namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>Parts the operations of a benchmark among threads, and gives each operation a client as drawn before.</summary>
internal sealed class Crew(int threads, int clients)
{
    private readonly int[] order = Draws.Of(clients);
    private int next;

    /// <summary>Acts so often in all, with the client and the number of the view.</summary>
    public void Run(int operations, Action<int, int> act)
    {
        var each = operations / threads;
        var others = new Task[threads - 1];
        for (var index = 0; index < others.Length; index++)
            others[index] = Task.Run(() => RunPart(each, act));
        RunPart(each, act);
        Task.WaitAll(others);
    }

    private void RunPart(int operations, Action<int, int> act)
    {
        var first = Interlocked.Add(ref next, operations) - operations;
        for (var view = first; view < first + operations; view++)
            act(order[Draws.Index(view)], view & int.MaxValue);
    }
}
