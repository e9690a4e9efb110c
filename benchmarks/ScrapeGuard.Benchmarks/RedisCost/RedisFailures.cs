using System.Diagnostics.Metrics;

namespace ScrapeGuard.Benchmarks.RedisCost;

/// <summary>Counts what Redis did not answer, or not in time, by ScrapeGuard's own metric: what looks fast may have been decided alone.</summary>
internal sealed class RedisFailures : IDisposable
{
    private readonly MeterListener listener = new();
    private long count;

    public RedisFailures()
    {
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Name: "scrapeguard.redis.failures", Meter.Name: "ScrapeGuard" })
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
        listener.Start();
    }

    public long Count => Interlocked.Read(ref count);

    public void Dispose() => listener.Dispose();
}
