using BreachReplay.Portals;

namespace BreachReplay.Actors;

/// <summary>A stolen account and the cookie jar that it uses now; each log-in takes a fresh one.</summary>
internal sealed class StolenLogin(string address, string account, PortalNodes nodes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PortalClient> _clients = [];
    private int _requests;

    public Tally Tally { get; } = new(address, account);

    /// <summary>Whether its last answer was a redirect to the confirmation page, which a bot does not pass.</summary>
    public bool IsAskedToStepUp => Tally.Last == Answer.StepUp;

    public async Task LogInAsync(CancellationToken stop)
    {
        var client = nodes.Connect(address);
        await client.LogInAsync(account, stop);
        lock (_lock) _clients.Add(client);
    }

    public async Task<PortalAnswer> ShowAsync(int id, WorkingDay day, CancellationToken stop)
    {
        // A new session now and then, as if that would help.
        if (Interlocked.Increment(ref _requests) % 25 == 0) await LogInAsync(stop);
        PortalClient client;
        lock (_lock) client = _clients[^1];
        var answer = await client.ShowAsync(id, stop);
        Tally.Add(answer, day.Now);
        return answer;
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());
}
