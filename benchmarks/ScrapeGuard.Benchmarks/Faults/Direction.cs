using System.Net.Sockets;
using System.Threading.Channels;

namespace ScrapeGuard.Benchmarks.Faults;

/// <summary>One direction of a connection. What has been read waits until it is due, while more is read: slow, and yet as wide as before.</summary>
internal sealed class Direction(FaultyWire wire, Socket from, Socket to)
{
    private readonly Channel<(DateTime Due, byte[] Bytes)> waiting = Channel.CreateUnbounded<(DateTime, byte[])>();

    /// <summary>Until either end closes.</summary>
    public async Task PassAsync()
    {
        try
        {
            await Task.WhenAny(ReadAsync(), WriteAsync()).Unwrap();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
            waiting.Writer.TryWrite((DateTime.UtcNow + wire.Delay, buffer[..count]));
    }

    private async Task WriteAsync()
    {
        await foreach (var (due, bytes) in waiting.Reader.ReadAllAsync())
        {
            while (wire.IsSilent)
                await Task.Delay(5);
            if (due - DateTime.UtcNow is { Ticks: > 0 } early)
                await Task.Delay(early);
            await to.SendAsync(bytes);
        }
    }
}
