using System.Globalization;
using System.Text;

namespace ScrapeGuard.Tests.Replay;

/// <summary>Lines of an access log in Combined, one after the other.</summary>
internal sealed class LogText(DateTimeOffset start)
{
    private readonly List<string> lines = [];

    /// <summary>When the next line is written.</summary>
    public DateTimeOffset Now { get; set; } = start;

    public IReadOnlyList<string> Lines => lines;

    public LogText Add(string client, string request, int status = 200, string user = "-", string userAgent = "Mozilla/5.0", double after = 1)
    {
        lines.Add(string.Create(
            CultureInfo.InvariantCulture, $"{client} - {user} [{Now:dd/MMM/yyyy:HH:mm:ss} +0000] \"{request} HTTP/1.1\" {status} 12 \"-\" \"{userAgent}\""));
        Now = Now.AddSeconds(after);
        return this;
    }

    /// <summary>A client that takes records one after the other.</summary>
    public LogText Take(string client, int from, int count, string user = "-", double after = 2)
    {
        for (var record = from; record < from + count; record++)
            Add(client, $"GET /members/{record}", user: user, after: after);
        return this;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString() => string.Concat(lines.Select(line => line + "\n"));
}
