using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay.Pages;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>Makes views of lines, and keeps the texts that come again.</summary>
internal sealed class ViewMaker(PageFinder pages)
{
    private readonly ByteCache<LoggedClient> clients = new(256 * 1024, text => new LoggedClient(text));
    private readonly ByteCache<string> subjects = new(16 * 1024, TargetText.ToText);
    private readonly ByteCache<string> userAgents = new(4 * 1024, TargetText.ToText);

    /// <summary>Whether some line told of an account.</summary>
    public bool HasAccounts { get; private set; }

    /// <summary>Whether some line told of a session.</summary>
    public bool HasSessions { get; private set; }

    /// <summary>The view that a line tells of; false for a request that is none: of an asset, by another method, or of no sense.</summary>
    public bool TryMake(in LogLine line, out LoggedView view)
    {
        view = default;
        HasAccounts |= !line.Account.IsEmpty;
        HasSessions |= !line.Session.IsEmpty;
        var isHead = line.Method.SequenceEqual("HEAD"u8);
        if (line.Target.IsEmpty || !(isHead || line.Method.IsEmpty || line.Method.SequenceEqual("GET"u8)) || pages.Find(line.Target) is not { } page)
            return false;
        view = new LoggedView(
            line.At, clients.Of(line.Client), NameOf(line.Account), NameOf(line.Session), page,
            line.UserAgent.IsEmpty ? null : userAgents.Of(line.UserAgent), isHead, OutcomeOf(line.Status, isHead));
        return true;
    }

    /// <summary>As for a response of that status. A log does not tell a redirect to the login page from another one: both are views that showed nothing.</summary>
    private static Outcome OutcomeOf(int status, bool isHead) => status switch
    {
        >= 200 and < 300 or 304 => isHead ? Outcome.ViewOnly : Outcome.Displayed,
        404 or 410 or 403 => Outcome.Missed,
        401 => Outcome.Released,
        _ => Outcome.ViewOnly,
    };

    private string? NameOf(ReadOnlySpan<byte> text) => text.IsEmpty || text is [(byte)'-'] ? null : subjects.Of(text);
}
