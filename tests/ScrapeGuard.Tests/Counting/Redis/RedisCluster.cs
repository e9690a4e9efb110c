using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>A Redis Cluster of a test's own on loopback: three masters, each with one replica that takes its place a second or two after it is gone.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Masters = 3;
    private const int Slots = 16384;

    private readonly List<RedisServer> servers = [];
    private readonly string folder = Directory.CreateTempSubdirectory("cluster").FullName;

    public string Configuration => string.Join(',', servers.Select(server => server.Configuration));

    /// <summary>Six servers that agree who has which slots.</summary>
    public static async Task<RedisCluster> StartAsync()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "No redis-server is installed.");
        var cluster = new RedisCluster();
        try
        {
            for (var server = 0; server < 2 * Masters; server++)
                cluster.servers.Add(await cluster.StartServerAsync(server));
            await cluster.JoinAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a master, 0 to 2, without a word.</summary>
    public Task KillMasterAsync(int master) => servers[master].KillAsync();

    /// <summary>Freezes a master: its connections stay open, and nothing answers.</summary>
    public void FreezeMaster(int master) => servers[master].Stop();

    /// <summary>Waits until the replica of a master has taken its place, and everybody knows.</summary>
    public async Task UntilTakenOverAsync(int master)
    {
        await UntilAsync([ReplicaOf(master)], "INFO replication", "role:master");
        await UntilAsync(servers.Where((server, index) => index != master && server.IsRunning), "CLUSTER INFO", "cluster_state:ok");
    }

    /// <summary>Which of the masters, 0 to 2, was given the slot of a key.</summary>
    public async Task<int> MasterOfAsync(string key) =>
        int.Parse(await AskAsync(servers[0], $"CLUSTER KEYSLOT {key}"), CultureInfo.InvariantCulture) * Masters / Slots;

    /// <summary>Waits until the replica of a master has all that the master has.</summary>
    public async Task UntilReplicatedAsync(int master)
    {
        var offset = (await AskAsync(servers[master], "INFO replication")).Split("master_repl_offset:")[1].Split('\r')[0];
        var wanted = long.Parse(offset, CultureInfo.InvariantCulture);
        for (var attempt = 0; attempt < 400; attempt++)
        {
            var answer = await AskAsync(ReplicaOf(master), "INFO replication");
            if (answer.Contains("slave_repl_offset:", StringComparison.Ordinal)
                && long.Parse(answer.Split("slave_repl_offset:")[1].Split('\r')[0], CultureInfo.InvariantCulture) >= wanted)
            {
                return;
            }

            await Task.Delay(25);
        }

        Assert.Fail($"The replica of master {master} did not reach {wanted}.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private RedisServer ReplicaOf(int master) => servers[Masters + master];

    private Task<RedisServer> StartServerAsync(int server) => RedisServer.StartAsync(
        "--cluster-enabled", "yes", "--cluster-config-file", Path.Combine(folder, $"{server}.conf"), "--cluster-node-timeout", "1000", "--cluster-port",
        RedisServer.FreePort().ToString(CultureInfo.InvariantCulture), "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0");

    private async Task JoinAsync()
    {
        for (var master = 0; master < Masters; master++)
        {
            await TellAsync(servers[master], $"CLUSTER ADDSLOTSRANGE {Slots * master / Masters} {(Slots * (master + 1) / Masters) - 1}");
            await TellAsync(servers[master], $"CLUSTER SET-CONFIG-EPOCH {master + 1}");
        }

        foreach (var server in servers.Skip(1))
        {
            var bus = (await AskAsync(server, "CLUSTER NODES")).Split('@', 2)[1].Split([' ', ','])[0];
            await TellAsync(servers[0], $"CLUSTER MEET 127.0.0.1 {server.Port} {bus}");
        }

        await UntilAsync(servers, "CLUSTER INFO", "cluster_known_nodes:6", "cluster_state:ok");
        for (var master = 0; master < Masters; master++)
            await TellAsync(ReplicaOf(master), $"CLUSTER REPLICATE {await AskAsync(servers[master], "CLUSTER MYID")}");
        await UntilAsync(servers.Skip(Masters), "INFO replication", "master_link_status:up");
        foreach (var server in servers)
            await UntilAsync(servers, "CLUSTER NODES", $":{server.Port}@");
    }

    private static async Task TellAsync(RedisServer server, string command) => Assert.Equal("OK", await AskAsync(server, command));

    private static async Task UntilAsync(IEnumerable<RedisServer> servers, string command, params string[] says)
    {
        foreach (var server in servers)
        {
            var answer = "";
            for (var attempt = 0; attempt < 400 && !says.All(word => answer.Contains(word, StringComparison.Ordinal)); attempt++)
            {
                await Task.Delay(25);
                answer = await AskAsync(server, command);
            }

            Assert.All(says, word => Assert.Contains(word, answer, StringComparison.Ordinal));
        }
    }

    /// <summary>What a server answers to a command.</summary>
    private static async Task<string> AskAsync(RedisServer server, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var head = (await reader.ReadLineAsync())!;
        if (head[0] != '$')
            return head[1..];
        var text = new char[int.Parse(head[1..], CultureInfo.InvariantCulture)];
        await reader.ReadBlockAsync(text);
        return new string(text);
    }
}
