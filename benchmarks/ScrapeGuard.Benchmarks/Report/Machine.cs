using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace ScrapeGuard.Benchmarks.Report;

/// <summary>Where and when a table was measured: without it no figure can be compared.</summary>
internal static class Machine
{
    public static string Describe() => string.Join("; ", $"{Processor()}, {Environment.ProcessorCount} cores", RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription, Build(), DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));

    private static string Build() =>
        typeof(Machine).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true } ? "Debug, so that no figure counts" : "Release";

    private static string Processor()
    {
        const string path = "/proc/cpuinfo";
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
