using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace BreachReplay.Portals;

/// <summary>Asks Redis for a PONG before anything is started: a portal would start without it and count alone.</summary>
internal static class RedisReachability
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <exception cref="ReplayException">Nobody answers there, or not as Redis does.</exception>
    public static async Task EnsureAsync(string endpoint, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            var answer = await PingAsync(endpoint, limit.Token);
            if (!answer.StartsWith("+PONG", StringComparison.Ordinal))
                throw new ReplayException($"Redis at {endpoint} answers PING with '{answer.TrimEnd()}', not PONG.");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new ReplayException($"Redis at {endpoint} cannot be reached: {error.Message}.", error);
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new ReplayException($"Redis at {endpoint} does not answer within {Patience.TotalSeconds:0} s.", error);
        }
    }

    private static async Task<string> PingAsync(string endpoint, CancellationToken stop)
    {
        var colon = endpoint.LastIndexOf(':');
        using var client = new TcpClient();
        await client.ConnectAsync(endpoint[..colon].Trim('[', ']'), int.Parse(endpoint[(colon + 1)..], CultureInfo.InvariantCulture), stop);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), stop);
        var buffer = new byte[128];
        var length = await stream.ReadAsync(buffer, stop);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
