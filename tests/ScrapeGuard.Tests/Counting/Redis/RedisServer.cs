using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>
/// A Redis of a test's own on a free port of loopback: redis-server where it is installed, and it must be where SCRAPEGUARD_REQUIRE_REDIS is set; else a
/// Redis-compatible server in this process.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly string? Program = Find("redis-server");

    private GarnetServer? embedded;
    private Process? process;

    private RedisServer(int port) => Port = port;

    public static bool IsInstalled => Program is not null;

    public int Port { get; }

    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>Whether this is a process that can be stopped and killed.</summary>
    public bool IsProcess => embedded is null;

    /// <summary>Whether the process is there, and not killed.</summary>
    public bool IsRunning => process is { HasExited: false };

    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        var server = new RedisServer(FreePort());
        if (Program is not null)
        {
            await server.RestartAsync(arguments);
            return server;
        }

        Assert.SkipWhen(arguments.Length > 0, "No redis-server is installed.");
        Assert.True(
            Environment.GetEnvironmentVariable("SCRAPEGUARD_REQUIRE_REDIS") is null or "", "SCRAPEGUARD_REQUIRE_REDIS is set, but no redis-server is installed.");

        // In transaction mode a script is atomic, as it is in Redis.
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        server.embedded = new GarnetServer(["--port", port, "--bind", "127.0.0.1", "--lua", "true", "--lua-transaction-mode", "true"]);
        server.embedded.Start();
        return server;
    }

    public async Task RestartAsync(params string[] arguments)
    {
        process?.Dispose();
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir",
            Path.GetTempPath(), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (await AnswersAsync())
                return;
            await Task.Delay(25);
        }

        throw new TimeoutException($"redis-server did not answer on port {Port}.");
    }

    /// <summary>How many keys match.</summary>
    public int Keys(string pattern)
    {
        using var connection = ConnectionMultiplexer.Connect(Configuration);
        return connection.GetServers()[0].Keys(pattern: pattern).Count();
    }

    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Freezes the process: connections stay open, and nothing answers.</summary>
    public void Stop() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        embedded?.Dispose();
        if (process is null)
            return;
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
    }

    internal static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[5];
            await stream.ReadExactlyAsync(answer);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
