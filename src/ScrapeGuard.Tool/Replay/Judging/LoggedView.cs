using ScrapeGuard.Counting;
using ScrapeGuard.Tool.Replay.Pages;

namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>A view of a display page, as a log tells of it.</summary>
/// <param name="At">When, in ticks of UTC.</param>
/// <param name="Client">From where.</param>
/// <param name="Account">Who was signed in; null for nobody.</param>
/// <param name="Session">The session; null for none.</param>
/// <param name="Page">What was asked for.</param>
/// <param name="UserAgent">By which program; null where the log does not tell.</param>
/// <param name="IsHead">Whether only the headers were asked for, which show no record.</param>
/// <param name="Outcome">What became of it.</param>
internal readonly record struct LoggedView(
    long At, LoggedClient Client, string? Account, string? Session, RequestedPage Page, string? UserAgent, bool IsHead, Outcome Outcome);
