using System.Net;
using System.Threading.RateLimiting;

namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>The framework's sliding window of 12 segments, for the address only and without novelty.</summary>
internal sealed class FrameworkLimiter : IDecision
{
    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetSlidingWindowLimiter(address, static _ => Window()));

    private readonly IPAddress[] addresses;

    public FrameworkLimiter(int clients)
    {
        foreach (var address in Enumerable.Range(0, clients).Select(AddressOf))
            limiter.AttemptAcquire(address).Dispose();
        addresses = [.. Draws.Of(clients).Select(AddressOf)];
    }

    /// <summary>Ten minutes, and so many permits that none is ever refused.</summary>
    public static SlidingWindowRateLimiterOptions Window() =>
        new() { PermitLimit = int.MaxValue, Window = TimeSpan.FromMinutes(10), SegmentsPerWindow = 12 };

    public bool Decide(int client, int view)
    {
        using var lease = limiter.AttemptAcquire(addresses[Draws.Index(view)]);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    private static IPAddress AddressOf(int client) => new([10, (byte)(client >> 16), (byte)(client >> 8), (byte)client]);
}
