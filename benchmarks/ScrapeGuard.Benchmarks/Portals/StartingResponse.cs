using Microsoft.AspNetCore.Http.Features;

namespace ScrapeGuard.Benchmarks.Portals;

/// <summary>A response that starts, as a server's does: what was registered for then runs, the issue of a session among it.</summary>
internal sealed class StartingResponse : HttpResponseFeature
{
    private List<(Func<object, Task> Callback, object State)>? starting;
    private bool hasStarted;

    public override bool HasStarted => hasStarted;

    public override void OnStarting(Func<object, Task> callback, object state) => (starting ??= []).Add((callback, state));

    /// <summary>Starts it, if nothing did so before.</summary>
    public async Task StartAsync()
    {
        if (hasStarted)
            return;
        foreach (var (callback, state) in starting ?? [])
            await callback(state);
        hasStarted = true;
    }
}
