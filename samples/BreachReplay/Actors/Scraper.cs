using BreachReplay.Portals;

namespace BreachReplay.Actors;

/// <summary>A bot at one address. It goes on until it is refused for good, or it is over.</summary>
internal sealed class Scraper(ScraperPlan plan, PortalNodes nodes) : IDisposable
{
    private readonly StolenLogin[] _logins = [.. plan.Accounts.Select(account => new StolenLogin(plan.Address, account, nodes))];
    private readonly Random _random = new(plan.Ids[0]);
    private int _next = -1;
    private int _turn;
    private int _blockedInARow;

    public string Address => plan.Address;

    /// <summary>The most records that it may get.</summary>
    public int Most => plan.Most;

    /// <summary>Whether it passes the confirmation page, so that only a block stops it.</summary>
    public bool Confirms => plan.Confirms;

    public IReadOnlyList<Tally> Tallies => [.. _logins.Select(login => login.Tally)];

    /// <summary>The distinct records shown to all its accounts together.</summary>
    public IReadOnlyCollection<int> Records => [.. Tallies.SelectMany(tally => tally.Records()).Distinct()];

    public async Task WorkAsync(Scene scene, CancellationToken stop)
    {
        await scene.PauseAsync(plan.Start, stop);
        foreach (var login in _logins) await login.LogInAsync(stop);
        await Task.WhenAll(Enumerable.Range(0, plan.InFlight).Select(_ => TakeAsync(scene, stop)));
    }

    /// <summary>One more request by one of its accounts, to one node and in a fresh session, for a record that it was never shown.</summary>
    public async Task<Answer> ProbeAsync(Tally account, int id, int node, CancellationToken stop)
    {
        using var client = nodes.ConnectTo(node, plan.Address);
        await client.LogInAsync(account.Account, stop);
        return (await client.ShowAsync(id, stop)).Answer;
    }

    public void Dispose() => Array.ForEach(_logins, login => login.Dispose());

    private async Task TakeAsync(Scene scene, CancellationToken stop)
    {
        while (!scene.IsOver && Volatile.Read(ref _blockedInARow) < plan.Patience)
        {
            var id = plan.Ids[(uint)Interlocked.Increment(ref _next) % (uint)plan.Ids.Length];
            var login = Choose();
            var answer = await login.ShowAsync(id, scene, stop);
            if (answer.Answer == Answer.Blocked) Interlocked.Increment(ref _blockedInARow);
            else Volatile.Write(ref _blockedInARow, 0);
            if (answer.Answer == Answer.StepUp && plan.Confirms) await login.ConfirmAsync(stop);
            await scene.PauseAsync(Pause(), stop);
        }
    }

    // An account that is refused gives way to one that is not; where all are, it keeps trying them in turn.
    private StolenLogin Choose()
    {
        if (plan.Alternates) Interlocked.Increment(ref _turn);
        for (var tries = 0; tries < _logins.Length && Login(Volatile.Read(ref _turn)).IsRefused; tries++) Interlocked.Increment(ref _turn);
        return Login(Volatile.Read(ref _turn));
    }

    private StolenLogin Login(int turn) => _logins[(uint)turn % (uint)_logins.Length];

    private TimeSpan Pause()
    {
        lock (_random) return plan.Pause * (0.5 + _random.NextDouble());
    }
}
