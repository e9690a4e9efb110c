using System.Threading.Tasks.Sources;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Waits for a task for a while, again and again: a timer and a promise made anew for each view would be half of what a view takes of memory. One that gave
/// up is not used again, for its task may still end.
/// </summary>
internal sealed class TimedWait : IValueTaskSource<bool>
{
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly Action ended;
    private ManualResetValueTaskSourceCore<bool> core;
    private TimeSpan patience;
    private long started;
    private int isWaiting;

    public TimedWait(TimeProvider time)
    {
        this.time = time;
        ended = () => End(hasEnded: true);
        timer = time.CreateTimer(static wait => ((TimedWait)wait!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for the task to end in whatever way; false where it took longer than the patience. One wait at a time.</summary>
    public ValueTask<bool> For(Task task, TimeSpan patience)
    {
        core.Reset();
        (this.patience, started) = (patience, time.GetTimestamp());
        Volatile.Write(ref isWaiting, 1);
        timer.Change(patience, Timeout.InfiniteTimeSpan);
        task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().UnsafeOnCompleted(ended);
        return new ValueTask<bool>(this, core.Version);
    }

    /// <summary>To be used no more.</summary>
    public void Retire() => timer.Dispose();

    bool IValueTaskSource<bool>.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);

    private void Ring()
    {
        // It may have been set for the wait before, and ring too late for that one: this one has its full time.
        var left = patience - time.GetElapsedTime(Volatile.Read(ref started));
        if (left <= TimeSpan.Zero)
            End(hasEnded: false);
        else if (Volatile.Read(ref isWaiting) != 0)
            timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void End(bool hasEnded)
    {
        if (Interlocked.Exchange(ref isWaiting, 0) == 0)
            return;
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        core.SetResult(hasEnded);
    }
}
