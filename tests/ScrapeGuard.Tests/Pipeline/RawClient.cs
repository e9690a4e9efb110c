using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ScrapeGuard.Tests.Pipeline;

/// <summary>One connection that is kept open, and that allocates nothing for a request: what is allocated meanwhile, the server allocates.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] request = new byte[1024];
    private readonly byte[] answer = new byte[4096];
    private string cookies = "theme=dark";

    public RawClient(Uri server) => socket.Connect(IPAddress.Loopback, server.Port);

    /// <summary>Gets a page, and from then on sends the session that it sets.</summary>
    public void TakeSession(string path, int id)
    {
        var text = Encoding.ASCII.GetString(answer, 0, Receive(path, id));
        var start = text.IndexOf("Set-Cookie: ", StringComparison.Ordinal);
        if (start >= 0)
            cookies += "; " + text[(start + "Set-Cookie: ".Length)..].Split(';')[0];
    }

    /// <summary>Gets the page of a record; the status code.</summary>
    public int Get(string path, int id)
    {
        Receive(path, id);
        return Number(answer.AsSpan("HTTP/1.1 ".Length));
    }

    public void Dispose() => socket.Dispose();

    private int Receive(string path, int id)
    {
        System.Text.Unicode.Utf8.TryWrite(
            request, $"GET {path}{id} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nCookie: {cookies}\r\n\r\n", out var length);
        socket.Send(request.AsSpan(0, length));
        var received = 0;
        do
            received += socket.Receive(answer.AsSpan(received));
        while (received < LengthOf(answer.AsSpan(0, received)));
        return received;
    }

    /// <summary>How long the answer is that begins so; more than there is while its header has not ended.</summary>
    private static int LengthOf(ReadOnlySpan<byte> begun)
    {
        var header = begun.IndexOf("\r\n\r\n"u8);
        if (header < 0)
            return int.MaxValue;
        var field = begun[..header].IndexOf("Content-Length: "u8);
        return header + 4 + Number(begun[(field + "Content-Length: ".Length)..]);
    }

    private static int Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out int number, out _) ? number : throw new InvalidDataException("There is no number.");
}
