using System.Diagnostics;
using System.Globalization;

namespace ScrapeGuard.Benchmarks.Redis;

/// <summary>Three servers that part the slots among them.</summary>
internal sealed class RedisCluster : IStartedRedis
{
    private const int Size = 3;

    private readonly List<RedisServer> servers = [];

    private RedisCluster()
    {
    }

    public string Name => "cluster of 3";

    public string Configuration => string.Join(',', servers.Select(server => server.Configuration));

    public static async Task<RedisCluster> StartAsync()
    {
        var cluster = new RedisCluster();
        for (var index = 0; index < Size; index++)
        {
            var bus = FreePort.Find().ToString(CultureInfo.InvariantCulture);
            cluster.servers.Add(await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "2000"));
        }

        await cluster.FormAsync();
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private async Task FormAsync()
    {
        string[] create = ["--cluster", "create", .. servers.Select(server => server.Configuration), "--cluster-yes"];
        await OwnProcess.RunAsync(new ProcessStartInfo("redis-cli", create), TimeSpan.FromSeconds(30));
        for (var attempt = 0; attempt < 200 && !await IsFormedAsync(); attempt++)
            await Task.Delay(50);
    }

    private async Task<bool> IsFormedAsync()
    {
        foreach (var server in servers)
        {
            string[] ask = ["-p", server.Port.ToString(CultureInfo.InvariantCulture), "cluster", "info"];
            if (!(await OwnProcess.RunAsync(new ProcessStartInfo("redis-cli", ask), TimeSpan.FromSeconds(5))).Contains("cluster_state:ok"))
                return false;
        }

        return true;
    }
}
