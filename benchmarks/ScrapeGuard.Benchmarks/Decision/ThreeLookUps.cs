using System.Collections.Concurrent;
using System.Globalization;

namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>The measure of all decisions: finding the three subjects of a view in a dictionary, and nothing else.</summary>
internal sealed class ThreeLookUps : IDecision
{
    private readonly ConcurrentDictionary<string, object> subjects = new();
    private readonly (string Address, string Session, string Account)[] keys;

    public ThreeLookUps(int clients)
    {
        foreach (var (address, session, account) in Enumerable.Range(0, clients).Select(KeysOf))
            subjects[address] = subjects[session] = subjects[account] = new object();

        // A request brings text of its own, just read: not the object that is the key, and not somewhere in a cold memory.
        keys = [.. Draws.Of(clients).Select(KeysOf)];
    }

    public bool Decide(int client, int view)
    {
        var (address, session, account) = keys[Draws.Index(view)];
        return subjects.TryGetValue(address, out _) & subjects.TryGetValue(session, out _) & subjects.TryGetValue(account, out _);
    }

    public void Dispose()
    {
    }

    private static (string Address, string Session, string Account) KeysOf(int client) => (
        string.Create(CultureInfo.InvariantCulture, $"a:10.{client >> 16}.{(client >> 8) & 255}.{client & 255}"),
        string.Create(CultureInfo.InvariantCulture, $"s:{client:x16}"),
        string.Create(CultureInfo.InvariantCulture, $"u:pharmacist{client}"));
}
