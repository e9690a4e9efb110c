using Microsoft.AspNetCore.Http.Features;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>
/// A response that starts and completes, as a server's does: what was registered for then runs, the issue of a session among it. As a server does, it uses
/// the memory for what was registered again for the next request.
/// </summary>
internal sealed class StartingResponse : HttpResponseFeature
{
    [ThreadStatic]
    private static Stack<Callbacks>? idle;

    private readonly Callbacks callbacks = (idle ??= new()).TryPop(out var used) ? used : new();
    private bool hasStarted;

    public override bool HasStarted => hasStarted;

    public override void OnStarting(Func<object, Task> callback, object state) => callbacks.Starting.Add((callback, state));

    public override void OnCompleted(Func<object, Task> callback, object state) => callbacks.Completed.Add((callback, state));

    /// <summary>Starts it, if nothing did so before.</summary>
    public async Task StartAsync()
    {
        if (hasStarted)
            return;
        foreach (var (callback, state) in callbacks.Starting)
            await callback(state);
        hasStarted = true;
    }

    /// <summary>Completes it; nothing is registered any more afterwards.</summary>
    public async Task CompleteAsync()
    {
        await StartAsync();
        foreach (var (callback, state) in callbacks.Completed)
            await callback(state);
        callbacks.Starting.Clear();
        callbacks.Completed.Clear();
        (idle ??= new()).Push(callbacks);
    }

    private sealed class Callbacks
    {
        public List<(Func<object, Task> Callback, object State)> Starting { get; } = new(4);

        public List<(Func<object, Task> Callback, object State)> Completed { get; } = new(4);
    }
}
