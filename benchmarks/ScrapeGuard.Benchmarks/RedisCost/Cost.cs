using ScrapeGuard.Benchmarks.Portals;
using ScrapeGuard.Benchmarks.Redis;

namespace ScrapeGuard.Benchmarks.RedisCost;

/// <summary>What a steady load took, of the client and of Redis.</summary>
/// <param name="Load">The views.</param>
/// <param name="Client">Processor time of this process.</param>
/// <param name="Redis">What the servers did meanwhile.</param>
/// <param name="Refused">Answers other than 200.</param>
/// <param name="Unshared">Commands that Redis did not answer in time, so that a node decided alone.</param>
internal sealed record Cost(SteadyResult Load, TimeSpan Client, RedisUsage Redis, int Refused, long Unshared)
{
    public int Views => Load.Microseconds.Length;

    public double ClientMicroseconds => Client.TotalMicroseconds / Views;
}
