using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Who flushes, and who waits for whom: one flush at a time. Who finds none under way makes it in the own call; who finds one under way shares the next with
/// all others that come meanwhile.
/// </summary>
internal sealed class FlushTurns(SubjectFlush flush, SubjectTable table, RedisLink link, GuardClock clock, bool isAwaited, ILogger logger)
{
    /// <summary>Urgent news of many subjects is put together for as long as this: a hundredth of what a person takes to turn a page.</summary>
    private static readonly TimeSpan UrgentPause = TimeSpan.FromMilliseconds(2);

    private readonly Lock turning = new();

    // Those of the next flush and those of this one, in turn.
    private List<SubjectShard> asking = [];
    private List<SubjectShard> asked = [];
    private TaskCompletionSource? next;
    private FlushShare wanted;
    private bool isRunning;

    // Views that wait see to their news themselves; other urgent news is looked for only where nobody waits.
    private bool IsUrgent => !isAwaited && table.News.IsUrgent;

    /// <summary>Has urgent news sent soon, where nobody waits for it; costs nothing where there is none.</summary>
    public void Hurry()
    {
        if (table.News.IsUrgent && link.IsAvailable && (isAwaited || !Volatile.Read(ref isRunning)))
            ThreadPool.UnsafeQueueUserWorkItem(static turns => _ = turns.FlushUrgentAsync(), this, preferLocal: false);
    }

    /// <summary>Has the next flush take the urgent news of a subject.</summary>
    public void Ask(SubjectKey subject)
    {
        lock (turning)
            asking.Add(table.ShardOf(subject));
    }

    /// <summary>Waits for a flush that takes what was asked for before the call: makes it, or waits for whoever does.</summary>
    public ValueTask FlushAskedAsync(TimeSpan patience) => FlushAsync(isAwaited ? FlushShare.Asked : FlushShare.Urgent, patience);

    /// <summary>Waits for a flush of such news: makes it, or waits for whoever does.</summary>
    public ValueTask FlushAsync(FlushShare share) => FlushAsync(share, link.Timeout);

    private ValueTask FlushAsync(FlushShare share, TimeSpan patience)
    {
        if (!link.IsAvailable || patience <= TimeSpan.Zero)
            return default;
        Task? turn = null;
        lock (turning)
        {
            if (isRunning)
            {
                wanted = wanted < share ? share : wanted;
                turn = (next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            isRunning = true;
        }

        return turn is null ? TakeTurnAsync(share, patience) : WaitAsync(turn, patience);
    }

    private async ValueTask WaitAsync(Task turn, TimeSpan patience) =>
        await turn.WaitAsync(patience, clock.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Makes one flush. Another where somebody wants one by then: that is under way before the caller goes on, which does not wait for it.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Sharing goes on with the next flush, whatever was wrong with this one.")]
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TakeTurnAsync(FlushShare share, TimeSpan patience)
    {
        TaskCompletionSource? waiting;
        lock (turning)
        {
            // Whoever joined meanwhile waits for this turn, and may want more of it.
            share = share < wanted ? wanted : share;
            (waiting, next, wanted) = (next, null, FlushShare.Asked);
            (asking, asked) = (asked, asking);
        }

        try
        {
            await flush.RunAsync(share, asked, patience);
        }
        catch (Exception exception)
        {
            logger.FlushFailed(exception);
        }
        finally
        {
            asked.Clear();
            waiting?.TrySetResult();
            if (!IsOver())
                GoOn();
        }
    }

    private bool IsOver()
    {
        lock (turning)
        {
            if (link.IsAvailable)
            {
                isRunning = next is not null;

                // Looked at once nobody who comes now takes this turn for one under way.
                Interlocked.MemoryBarrier();
                return !(isRunning |= IsUrgent);
            }

            // What is known here decides, at once.
            next?.TrySetResult();
            (next, isRunning) = (null, false);
            return true;
        }
    }

    /// <summary>For others: without what is local to the request that began.</summary>
    private void GoOn()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = GoOnAsync();
            return;
        }

        using (ExecutionContext.SuppressFlow())
            _ = GoOnAsync();
    }

    private async Task FlushUrgentAsync() => await FlushAsync(FlushShare.Urgent);

    private async Task GoOnAsync()
    {
        if (!isAwaited && next is null)
            await Task.Delay(UrgentPause, clock.Time);
        FlushShare share;
        lock (turning)
            share = wanted < FlushShare.Urgent && !isAwaited ? FlushShare.Urgent : wanted;
        await TakeTurnAsync(share, link.Timeout);
    }
}
