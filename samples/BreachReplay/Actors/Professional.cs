using BreachReplay.Portals;
using MemberPortal.Members;

namespace BreachReplay.Actors;

/// <summary>Somebody at work: searches, opens what was found, reopens files, and sees 2 to 6 people in half a minute, which is a busy morning.</summary>
internal sealed class Professional(Tally tally, PortalNodes nodes, int seed)
{
    // A list shows at most this many.
    private const int ListLength = 5;

    // Neighbouring seeds give neighbouring first numbers.
    private readonly Random _random = new(seed * 7919);
    private readonly Queue<int> _found = new();

    public Tally Tally => tally;

    /// <summary>How many records this person's work needs.</summary>
    public int Need { get; } = new Random(seed * 104_729).Next(2, 7);

    public async Task WorkAsync(Scene scene, CancellationToken stop)
    {
        await scene.PauseAsync(TimeSpan.FromSeconds(_random.NextDouble() * 2), stop);
        using var client = nodes.Connect(tally.Address);
        await client.LogInAsync(tally.Account, stop);
        while (!scene.IsOver)
        {
            tally.Add(await StepAsync(client, stop), scene.Now);
            await scene.PauseAsync(Pause(scene), stop);
        }
    }

    private async Task<PortalAnswer> StepAsync(PortalClient client, CancellationToken stop)
    {
        if (_found.TryDequeue(out var found)) return await client.ShowAsync(found, stop);
        var missing = Need - tally.Count;
        var dice = _random.NextDouble();
        if (missing >= ListLength && dice < 0.4) return await SearchAsync(client, byBirthDate: dice < 0.25, stop);
        if (tally.Count > 0 && (missing <= 0 || dice > 0.8)) return await client.ShowAsync(AnyShown(), stop);
        return await client.ShowAsync(AnyMember(), stop);
    }

    private async Task<PortalAnswer> SearchAsync(PortalClient client, bool byBirthDate, CancellationToken stop)
    {
        var member = InventedMembers.Create(AnyMember());
        var list = await client.SearchAsync(new MemberSearch(member.FamilyName, byBirthDate ? member.BirthDate : null), stop);
        foreach (var id in list.Records.Take(2)) _found.Enqueue(id);
        return list;
    }

    // Spreads what is still missing over what is left; two steps for three records, since lists and revisits come between.
    private TimeSpan Pause(Scene scene)
    {
        var steps = Math.Max(1, (Need - tally.Count) * 1.3 + _found.Count);
        var pace = Math.Clamp(scene.Left.TotalSeconds / (steps + 1), 1, 4);
        return TimeSpan.FromSeconds(pace * (0.6 + 0.8 * _random.NextDouble()));
    }

    private int AnyShown()
    {
        var records = tally.Records();
        return records[_random.Next(records.Count)];
    }

    private int AnyMember() => _random.Next(1, InventedMembers.Count + 1);
}
