using System.Net;
using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Pages;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>Reads so many views that a <see cref="ViewWriter"/> wrote.</summary>
internal sealed class ViewReader(BinaryReader input, long count)
{
    private readonly RecentValues<LoggedClient> clients = new();
    private readonly RecentValues<RequestedPage> pages = new();
    private readonly RecentValues<string> texts = new();
    private long left = count;
    private long at;

    public bool TryRead(out LoggedView view)
    {
        view = default;
        if (left == 0)
            return false;
        left--;
        at += input.Read7BitEncodedInt64();
        var client = Read(clients, ReadClient)!;
        var page = Read(pages, ReadPage)!;
        var (account, session, userAgent) = (ReadText(), ReadText(), ReadText());
        view = new LoggedView(at, client, account, session, page, userAgent, input.ReadBoolean(), (Outcome)input.ReadByte());
        return true;
    }

    private string? ReadText() => Read(texts, input.ReadString);

    private T? Read<T>(RecentValues<T> recent, Func<T> read) where T : class
    {
        var number = input.Read7BitEncodedInt();
        if (number == 0)
            return null;
        var place = (number >> 1) - 1;
        return (number & 1) == 0 ? recent[place] : recent[place] = read();
    }

    private LoggedClient ReadClient()
    {
        var text = input.ReadString();
        var length = input.ReadByte();
        return new LoggedClient(text, length == 0 ? null : new IPAddress(input.ReadBytes(length)));
    }

    private RequestedPage ReadPage() => new(input.ReadString(), input.ReadBoolean() ? input.ReadString() : null, input.ReadUInt64());
}
