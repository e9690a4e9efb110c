using System.Text;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tests.Replay.Reading;

/// <summary>What a parser read of a line, kept.</summary>
internal sealed record ReadLine(
    DateTimeOffset At, string Client, string Account, string Session, string Method, string Target, string UserAgent, int Status)
{
    /// <summary>Null for a line that is bad, or says something of those after it.</summary>
    public static ReadLine? Of(LineParser parser, string text) => Of(parser, Encoding.UTF8.GetBytes(text));

    public static ReadLine? Of(LineParser parser, ReadOnlySpan<byte> text)
    {
        var line = default(LogLine);
        if (parser.Read(text, ref line) != LineContent.Entry)
            return null;
        return new ReadLine(
            new DateTimeOffset(line.At, TimeSpan.Zero), Text(line.Client), Text(line.Account), Text(line.Session), Text(line.Method), Text(line.Target),
            Text(line.UserAgent), line.Status);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
