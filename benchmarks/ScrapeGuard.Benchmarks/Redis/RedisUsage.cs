using System.Globalization;
using StackExchange.Redis;

namespace ScrapeGuard.Benchmarks.Redis;

/// <summary>What servers have done since they started, by their own account (INFO), summed over them.</summary>
/// <param name="Scripts">Scripts run.</param>
/// <param name="ScriptMicroseconds">Spent in them, with the commands within.</param>
/// <param name="Commands">Commands of clients and of scripts, scripts included.</param>
/// <param name="ProcessorMicroseconds">Of the process, user and system.</param>
/// <param name="Bytes">Received and sent.</param>
internal readonly record struct RedisUsage(double Scripts, double ScriptMicroseconds, double Commands, double ProcessorMicroseconds, double Bytes)
{
    private static readonly string[] Sections = ["commandstats", "cpu", "stats"];
    private static readonly string[] ScriptCommands = ["cmdstat_eval", "cmdstat_evalsha", "cmdstat_fcall"];

    public static RedisUsage operator -(RedisUsage later, RedisUsage earlier) => new(
        later.Scripts - earlier.Scripts,
        later.ScriptMicroseconds - earlier.ScriptMicroseconds,
        later.Commands - earlier.Commands,
        later.ProcessorMicroseconds - earlier.ProcessorMicroseconds,
        later.Bytes - earlier.Bytes);

    /// <summary>A connection that may ask for all this.</summary>
    public static async Task<IConnectionMultiplexer> ConnectAsync(IStartedRedis redis) =>
        await ConnectionMultiplexer.ConnectAsync(redis.Configuration + ",allowAdmin=true");

    public static async Task<RedisUsage> ReadAsync(IConnectionMultiplexer connection)
    {
        var sum = default(RedisUsage);
        foreach (var server in connection.GetServers())
            sum = sum.Plus(await ReadAsync(server));
        return sum;
    }

    private static async Task<RedisUsage> ReadAsync(IServer server)
    {
        var values = new Dictionary<string, string>();
        foreach (var section in Sections)
        {
            foreach (var pair in (await server.InfoAsync(section)).SelectMany(group => group))
                values[pair.Key] = pair.Value;
        }

        var scripts = ScriptCommands.Where(values.ContainsKey).Select(name => values[name]).ToArray();
        return new RedisUsage(
            scripts.Sum(line => Part(line, "calls=")),
            scripts.Sum(line => Part(line, "usec=")),
            values.Where(pair => pair.Key.StartsWith("cmdstat_", StringComparison.Ordinal)).Sum(pair => Part(pair.Value, "calls=")),
            (Number(values["used_cpu_sys"]) + Number(values["used_cpu_user"])) * 1e6,
            Number(values["total_net_input_bytes"]) + Number(values["total_net_output_bytes"]));
    }

    private RedisUsage Plus(RedisUsage other) => new(
        Scripts + other.Scripts,
        ScriptMicroseconds + other.ScriptMicroseconds,
        Commands + other.Commands,
        ProcessorMicroseconds + other.ProcessorMicroseconds,
        Bytes + other.Bytes);

    private static double Part(string line, string name) =>
        line.Split(',').Where(part => part.StartsWith(name, StringComparison.Ordinal)).Sum(part => Number(part[name.Length..]));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
