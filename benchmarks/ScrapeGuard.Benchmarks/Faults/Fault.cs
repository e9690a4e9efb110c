using ScrapeGuard.Benchmarks.Redis;

namespace ScrapeGuard.Benchmarks.Faults;

/// <summary>Something that happens to Redis or to the wire, and how it ends.</summary>
internal sealed record Fault(string Name, Action<RedisServer, FaultyWire[]> Begin, Func<RedisServer, FaultyWire[], Task> EndAsync)
{
    public static readonly Fault[] All =
    [
        new("healthy", (_, _) => { }, (_, _) => Task.CompletedTask),
        new("killed (kill -9)", (redis, _) => redis.Kill(), (redis, _) => redis.StartAgainAsync()),
        Reversible("frozen (SIGSTOP)", (redis, _) => redis.Freeze(), (redis, _) => redis.Thaw()),
        OnWires("slowed by 200 ms a round trip", wire => wire.Delay = TimeSpan.FromMilliseconds(100)),
        OnWires("wire cut", wire => wire.Cut()),
        OnWires("wire silent", wire => wire.IsSilent = true),
    ];

    private static Fault OnWires(string name, Action<FaultyWire> begin) =>
        Reversible(name, (_, wires) => Array.ForEach(wires, begin), (_, wires) => Array.ForEach(wires, wire => wire.Mend()));

    private static Fault Reversible(string name, Action<RedisServer, FaultyWire[]> begin, Action<RedisServer, FaultyWire[]> end) =>
        new(name, begin, (redis, wires) =>
        {
            end(redis, wires);
            return Task.CompletedTask;
        });
}
