using System.Runtime.CompilerServices;

namespace ScrapeGuard.Counting.Redis;

/// <summary>Views that wait for the other nodes.</summary>
internal sealed partial class RedisSubjects
{
    public ValueTask ExchangeAsync(CountedView view, TimeSpan patience)
    {
        var isAsked = false;
        for (var index = 0; index < view.Count; index++)
        {
            if (!IsAsked(view[index]))
                continue;
            table.Touch(view[index].Subject, view[index].Windows, view.At);
            isAsked = true;
        }

        if (!isAsked)
            return default;
        var flushing = FlushAsync(view, patience);
        return flushing.IsCompletedSuccessfully && IsCurrent(view) ? default : AwaitCurrentAsync(flushing, view, patience);
    }

    /// <summary>A log that somebody put together meanwhile takes a second flush, and one that was lost a third.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitCurrentAsync(ValueTask flushing, CountedView view, TimeSpan patience)
    {
        var started = clock.Time.GetTimestamp();
        await flushing;
        for (var more = 0; more < MostFlushes && !IsCurrent(view) && link.IsAvailable; more++)
            await FlushAsync(view, patience - clock.Time.GetElapsedTime(started));
    }

    private ValueTask FlushAsync(CountedView view, TimeSpan patience)
    {
        for (var index = 0; index < view.Count; index++)
        {
            if (IsAsked(view[index]))
                turns.Ask(view[index].Subject);
        }

        return turns.FlushAskedAsync(patience);
    }

    private bool IsCurrent(CountedView view)
    {
        for (var index = 0; index < view.Count; index++)
        {
            if (IsAsked(view[index]) && !table.IsCurrent(view[index].Subject))
                return false;
        }

        return true;
    }

    /// <summary>Where views are not awaited, one that waits all the same asks for all of its subjects.</summary>
    private bool IsAsked(SubjectReservation reservation) => reservation.IsAwaited || !IsAwaited;
}
