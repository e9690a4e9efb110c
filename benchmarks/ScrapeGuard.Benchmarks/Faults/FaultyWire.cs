using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ScrapeGuard.Benchmarks.Faults;

/// <summary>The wire to Redis, as a TCP proxy on loopback: it can be slow, silent or cut, and be mended.</summary>
internal sealed class FaultyWire : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> sockets = new();
    private readonly int target;
    private volatile bool isSilent;
    private volatile bool isCut;
    private long delayTicks;

    public FaultyWire(int target)
    {
        this.target = target;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What each direction takes longer.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref delayTicks));
        set => Interlocked.Exchange(ref delayTicks, value.Ticks);
    }

    /// <summary>Whether bytes are kept back while connections stay open.</summary>
    public bool IsSilent
    {
        get => isSilent;
        set => isSilent = value;
    }

    /// <summary>Closes what is open, and everything that is opened, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        isCut = true;
        foreach (var socket in sockets.Keys)
            Close(socket);
    }

    public void Mend()
    {
        isCut = false;
        IsSilent = false;
        Delay = TimeSpan.Zero;
    }

    public void Dispose()
    {
        Cut();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ConnectAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // No longer needed.
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        sockets[client] = sockets[server] = true;
        try
        {
            if (!isCut)
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, target);
                await Task.WhenAny(new Direction(this, client, server).PassAsync(), new Direction(this, server, client).PassAsync());
            }
        }
        catch (SocketException)
        {
            // Nobody listens there: the client is told by closing.
        }

        Close(client);
        Close(server);
    }

    private void Close(Socket socket)
    {
        sockets.TryRemove(socket, out _);
        socket.Close(0);
    }
}
