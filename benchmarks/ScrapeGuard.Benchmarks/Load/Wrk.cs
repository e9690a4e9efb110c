using System.Diagnostics;
using System.Globalization;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>Load from wrk, which ends by itself.</summary>
/// <param name="Clients">The file of clients.</param>
/// <param name="Records">How many records there are; 0: without end.</param>
/// <param name="Connections">Kept open, each with one request at a time.</param>
/// <param name="Threads">Of wrk.</param>
internal sealed record Wrk(string Clients, int Records, int Connections, int Threads)
{
    private const double Novel = 0.4;

    /// <summary>Views for so long, beginning with this record.</summary>
    public async Task<WrkResult> RunAsync(ChildApp app, TimeSpan time, int firstRecord)
    {
        string[] arguments =
        [
            "-t", Text(Threads), "-c", Text(Connections), "-d", Text(Math.Max(1, (int)time.TotalSeconds)) + "s", "--timeout", "10s",
            "-s", Path.Combine(AppContext.BaseDirectory, "Load", "views.lua"), app.Address.ToString(), "--",
            Clients, Text(firstRecord), Text(Records), Text(Novel),
        ];
        var before = app.ProcessorTime;
        var said = await OwnProcess.RunAsync(new ProcessStartInfo("wrk", arguments), time + TimeSpan.FromSeconds(30));
        var spent = app.ProcessorTime - before;
        var line = said.FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk tells no result: {string.Join('\n', said)}");
        return WrkResult.Parse(line, spent);
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
