namespace ScrapeGuard.Tests.Counting;

/// <summary>The clocks of this machine, but that the one on the wall is wrong.</summary>
internal sealed class WallClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
