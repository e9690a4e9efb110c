namespace ScrapeGuard.Tests.Counting;

/// <summary>A clock that stands still while others' timers run: however long a server takes, the history of a test is at the same moment.</summary>
internal sealed class StandingClock : TimeProvider
{
    private readonly DateTimeOffset at = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => at;

    public override long GetTimestamp() => 0;
}
