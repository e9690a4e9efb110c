using System.Globalization;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>One measurement.</summary>
/// <param name="Requests">Answered.</param>
/// <param name="PerSecond">Of those.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Refused">Answered with a status above 399.</param>
/// <param name="Failed">Not answered.</param>
/// <param name="ProcessorMicroseconds">What the application spent on a request.</param>
internal sealed record WrkResult(long Requests, double PerSecond, double P99, long Refused, long Failed, double ProcessorMicroseconds)
{
    /// <summary>Scripts that Redis ran, for each request.</summary>
    public double Scripts { get; init; }

    /// <summary>Reads the line that views.lua writes.</summary>
    public static WrkResult Parse(string line, TimeSpan processorTime)
    {
        var parts = Array.ConvertAll(line.Split(' ')[1..], part => long.Parse(part, CultureInfo.InvariantCulture));
        var (requests, microseconds) = (parts[0], parts[1]);
        return new(requests, requests * 1e6 / microseconds, parts[3] / 1e3, parts[4], parts[5], processorTime.TotalMicroseconds / requests);
    }
}
