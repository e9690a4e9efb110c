using ScrapeGuard.Tool.Replay.Judging;
using ScrapeGuard.Tool.Replay.Pages;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>Writes views in few bytes, for a <see cref="ViewReader"/> to read. Each is not earlier than the one before.</summary>
internal sealed class ViewWriter(BinaryWriter output)
{
    private readonly RecentValues<LoggedClient> clients = new();
    private readonly RecentValues<RequestedPage> pages = new();
    private readonly RecentValues<string> texts = new();
    private long at;

    public void Write(in LoggedView view)
    {
        output.Write7BitEncodedInt64(view.At - at);
        at = view.At;
        if (Begin(clients, view.Client))
            Write(view.Client);
        if (Begin(pages, view.Page))
            Write(view.Page);
        Write(view.Account);
        Write(view.Session);
        Write(view.UserAgent);
        output.Write(view.IsHead);
        output.Write((byte)view.Outcome);
    }

    public void Flush() => output.Flush();

    /// <summary>Writes the place of a value; true where the value itself must follow.</summary>
    private bool Begin<T>(RecentValues<T> recent, T? value) where T : class
    {
        if (value is null)
        {
            output.Write7BitEncodedInt(0);
            return false;
        }

        var isNew = !recent.TryFind(value, out var place);
        output.Write7BitEncodedInt(((place + 1) << 1) | (isNew ? 1 : 0));
        return isNew;
    }

    private void Write(string? text)
    {
        if (Begin(texts, text))
            output.Write(text!);
    }

    private void Write(LoggedClient client)
    {
        output.Write(client.Text);
        Span<byte> address = stackalloc byte[16];
        var length = 0;
        client.Address?.TryWriteBytes(address, out length);
        output.Write((byte)length);
        output.Write(address[..length]);
    }

    private void Write(RequestedPage page)
    {
        output.Write(page.Kind);
        output.Write(page.Record is not null);
        if (page.Record is not null)
            output.Write(page.Record);
        output.Write(page.Fingerprint);
    }
}
