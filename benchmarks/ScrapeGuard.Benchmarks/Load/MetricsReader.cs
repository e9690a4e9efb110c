using System.Diagnostics.Metrics;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>Listens to ScrapeGuard's instruments, as an exporter does: an instrument that nobody reads costs nothing.</summary>
internal sealed class MetricsReader : IDisposable
{
    private readonly MeterListener listener = new();
    private double sum;

    public MetricsReader()
    {
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ScrapeGuard")
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Add(value));
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => Add(value));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => Add(value));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    // Two threads may lose an addition to each other; nobody looks at the sum.
    private void Add(double value) => sum += value;
}
