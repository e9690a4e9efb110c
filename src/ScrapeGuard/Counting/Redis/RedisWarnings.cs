using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>What an operator should know of the Redis that is configured.</summary>
internal static class RedisWarnings
{
    public static void OfTransport(ConfigurationOptions configuration, ILogger logger)
    {
        if (!configuration.Ssl && configuration.EndPoints.FirstOrDefault(endpoint => !IsLocal(endpoint)) is { } remote)
            logger.RedisWithoutTls(remote.ToString());
    }

    public static async Task OfEvictionAsync(ConnectionMultiplexer connection, ILogger logger)
    {
        try
        {
            // By script, because the client holds the plain command for one that needs an administrator.
            var policy = (string?)await connection.GetDatabase().ScriptEvaluateAsync(EmbeddedScript.Read("memory-policy.lua"));
            if (policy is not null and not "noeviction")
                logger.RedisEvicts(policy);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            // A Redis that does not tell its policy, or a user who may not ask, is no reason to warn.
        }
    }

    private static bool IsLocal(EndPoint endpoint) => endpoint switch
    {
        UnixDomainSocketEndPoint => true,
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        DnsEndPoint name => name.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
