using System.Diagnostics;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>A <see cref="ServedApp"/> as its parent sees it.</summary>
internal sealed class ChildApp : IDisposable
{
    private static readonly TimeSpan MostToStart = TimeSpan.FromSeconds(60);

    private readonly OwnProcess process;

    private ChildApp(OwnProcess process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    public TimeSpan ProcessorTime => process.ProcessorTime;

    /// <exception cref="InvalidOperationException">It refuses to start; the message is what it said.</exception>
    public static async Task<ChildApp> StartAsync(string[] app, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = OwnProcess.Start(Start(app, environment), line =>
        {
            if (line.StartsWith(ServedApp.Listening, StringComparison.Ordinal))
                listening.TrySetResult(new Uri(line[ServedApp.Listening.Length..]));
        });
        if (await Task.WhenAny(listening.Task, process.Ended).WaitAsync(MostToStart) == listening.Task)
            return new ChildApp(process, await listening.Task);
        throw new InvalidOperationException(Why(process.Said));
    }

    public void Dispose() => process.Kill();

    private static ProcessStartInfo Start(string[] app, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ChildApp).Assembly.Location);
        foreach (var word in (string[])[ServedApp.Command, .. app])
            start.ArgumentList.Add(word);

        // As a published ASP.NET application runs, with the clients' addresses from a proxy that is trusted.
        start.Environment["DOTNET_gcServer"] = "1";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private static string Why(IReadOnlyList<string> said) => said.FirstOrDefault(line => line.Contains("Exception: ", StringComparison.Ordinal)) is { } line
        ? line[(line.IndexOf("Exception: ", StringComparison.Ordinal) + "Exception: ".Length)..]
        : string.Join(' ', said);
}
