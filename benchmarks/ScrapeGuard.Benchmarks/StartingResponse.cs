using Microsoft.AspNetCore.Http.Features;

namespace ScrapeGuard.Benchmarks;

/// <summary>A response that starts, as a server's does: what was registered for then runs, the issue of a session among it.</summary>
internal sealed class StartingResponse : HttpResponseFeature
{
    private readonly List<(Func<object, Task> Callback, object State)> starting = new(1);
    private bool hasStarted;

    public override bool HasStarted => hasStarted;

    public override void OnStarting(Func<object, Task> callback, object state) => starting.Add((callback, state));

    public async Task StartAsync()
    {
        foreach (var (callback, state) in starting)
            await callback(state);
        hasStarted = true;
    }
}
