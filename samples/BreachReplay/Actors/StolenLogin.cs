using BreachReplay.Portals;

namespace BreachReplay.Actors;

/// <summary>A stolen account and the cookie jar that it uses now; each log-in takes a fresh one.</summary>
internal sealed class StolenLogin(string address, string account, PortalNodes nodes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PortalClient> _clients = [];
    private int _requests;
    private bool _hasConfirmed;

    public Tally Tally { get; } = new(address, account);

    /// <summary>Whether its last answer was a block, or a redirect to a confirmation page that it did not pass.</summary>
    public bool IsRefused => Tally.Last is Answer.Blocked || (Tally.Last is Answer.StepUp && !_hasConfirmed);

    public async Task LogInAsync(CancellationToken stop)
    {
        var client = nodes.Connect(address);
        await client.LogInAsync(account, stop);
        lock (_lock) _clients.Add(client);
    }

    public async Task<PortalAnswer> ShowAsync(int id, Scene scene, CancellationToken stop)
    {
        // A new session now and then, as if that would help.
        if (Interlocked.Increment(ref _requests) % 25 == 0) await LogInAsync(stop);
        var answer = await Client().ShowAsync(id, stop);
        _hasConfirmed = false;
        Tally.Add(answer, scene.Now);
        return answer;
    }

    /// <summary>Passes the confirmation page, if it can be passed once more.</summary>
    public async Task ConfirmAsync(CancellationToken stop) => _hasConfirmed = await Client().ConfirmAsync("for a patient", stop);

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    private PortalClient Client()
    {
        lock (_lock) return _clients[^1];
    }
}
