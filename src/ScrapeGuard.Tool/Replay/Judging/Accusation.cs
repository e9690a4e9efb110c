namespace ScrapeGuard.Tool.Replay.Judging;

/// <summary>When and why a subject would have been stopped.</summary>
/// <param name="Cause">The limit or signal.</param>
/// <param name="At">The time of the view that was refused.</param>
/// <param name="Records">The distinct records it had been shown.</param>
/// <param name="Views">The views it had had.</param>
internal sealed record Accusation(string Cause, DateTimeOffset At, int Records, int Views);
