using System.Diagnostics;

namespace BreachReplay;

/// <summary>What is played: how late it is, and when it ends. It begins when it is made, and a second of it is a second.</summary>
internal sealed class Scene(TimeSpan length)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    public TimeSpan Left => length - Now;

    public bool IsOver => Left <= TimeSpan.Zero;

    /// <summary>Waits, but not past the end of the scene.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        var left = Left;
        if (left <= TimeSpan.Zero) return Task.CompletedTask;

        // A timer leaves out what is less than a millisecond.
        return Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((pause < left ? pause : left).TotalMilliseconds)), stop);
    }
}
