using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Tests.Replay.Reading;
using ScrapeGuard.Tool;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>A folder of logs, and the command that is run over them: with all signals off, unless a configuration is given.</summary>
internal sealed class ReplayFolder : IDisposable
{
    // Limits are what these logs are written for; signals would forestall them.
    private static readonly Lazy<string> WithoutSignals = new(() =>
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("replay").FullName, "appsettings.json");
        string[] signals = ["Pace", "AddressPace", "Rotation", "Sweep"];
        File.WriteAllText(file, $$"""{ "ScrapeGuard": { "Signals": { {{string.Join(", ", signals.Select(signal => $$"""
            "{{signal}}": { "Verdict": "Off" }
            """))}} } } }""");
        return file;
    });

    private readonly string path = Directory.CreateTempSubdirectory("replay").FullName;

    public string PathOf(string name) => Path.Combine(path, name);

    public string Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text));

    public string Add(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    public string AddGzip(string name, string text) => Add(name, LineReaderTests.Compressed(text));

    public void Dispose() => Directory.Delete(path, recursive: true);

    /// <summary>Runs it and reads what it wrote as JSON.</summary>
    public static async Task<JsonElement> RunJsonAsync(params string[] arguments)
    {
        var (output, error, exitCode) = await RunAsync(["--json", "-", .. arguments]);

        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    public static Task<(string Output, string Error, int ExitCode)> RunAsync(params string[] arguments) =>
        RunAsync(arguments, Stream.Null, TestContext.Current.CancellationToken);

    public static async Task<(string Output, string Error, int ExitCode)> RunAsync(string[] arguments, Stream input, CancellationToken stopping)
    {
        using var output = new StringWriter();
        var (error, exitCode) = await RunAsync(arguments, input, output, stopping);
        return (output.ToString(), error, exitCode);
    }

    public static async Task<(string Error, int ExitCode)> RunAsync(string[] arguments, Stream input, TextWriter output, CancellationToken stopping)
    {
        string[] all = arguments.Contains("--config") ? arguments : [.. arguments, "--config", WithoutSignals.Value];
        using var error = new StringWriter();
        var exitCode = await ToolCommand.Create(new FakeTimeProvider(), () => input).Parse(["replay", .. all])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, stopping);
        return (error.ToString(), exitCode);
    }
}
