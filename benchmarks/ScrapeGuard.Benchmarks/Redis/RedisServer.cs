using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ScrapeGuard.Benchmarks.Redis;

/// <summary>A redis-server on a free port of loopback that keeps nothing on disk.</summary>
internal sealed class RedisServer : IStartedRedis
{
    private readonly string[] more;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("benchmark-redis-");
    private OwnProcess? process;

    private RedisServer(string[] more) => this.more = more;

    public string Name => "one server";

    public int Port { get; } = FreePort.Find();

    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public static async Task<RedisServer> StartAsync(params string[] more)
    {
        var server = new RedisServer(more);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>After <see cref="Kill"/>, on the same port and empty.</summary>
    public async Task StartAgainAsync()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        string[] arguments = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.FullName, .. more];
        process = OwnProcess.Start(new ProcessStartInfo("redis-server", arguments));
        for (var attempt = 0; attempt < 200 && !await AnswersAsync(); attempt++)
            await Task.Delay(25);
    }

    public void Kill() => process?.Kill();

    /// <summary>Connections stay open and nothing answers.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public ValueTask DisposeAsync()
    {
        Kill();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[5];
            await client.GetStream().ReadExactlyAsync(answer);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}
