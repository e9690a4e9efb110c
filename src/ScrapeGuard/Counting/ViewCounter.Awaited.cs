using System.Runtime.CompilerServices;
using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>Views that wait for what the other nodes know.</summary>
internal sealed partial class ViewCounter
{
    private readonly Lock again = new();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitAsync(LimitSet limits, StepUpOptions stepUp, CountedView view, IViewedBy subjects, TimeSpan patience)
    {
        // What this node refuses is in flight no longer while it waits, or many at once would count against each other.
        var isReserved = view.IsAllowed;
        if (!isReserved)
            Settle(view, new Settlement(Outcome.Released));
        await shared!.ExchangeAsync(view, patience);
        if (isReserved)
        {
            JudgeAgain(limits, stepUp, view);
            if (view.IsAllowed)
                return;
            Settle(view, new Settlement(Outcome.Released));
        }

        CountAgain(limits, stepUp, view, subjects);
        shared.Hurry();
    }

    /// <summary>
    /// Once more with what the other nodes know: an allowance among it. All who waited go on at once, and so one after the other: what is still refused is
    /// gone before the next is counted.
    /// </summary>
    private void CountAgain(LimitSet limits, StepUpOptions stepUp, CountedView view, IViewedBy subjects)
    {
        lock (again)
        {
            view.Clear();
            view.At = clock.Now;
            Reserve(limits, stepUp, view, subjects, isAwaited: false);
            if (view.IsAllowed || view.IsObserved)
                return;
            Settle(view, new Settlement(Outcome.Released));
            view.Drop();
        }
    }

    private void JudgeAgain(LimitSet limits, StepUpOptions stepUp, CountedView view)
    {
        for (var index = 0; index < view.Count && view.IsAllowed; index++)
        {
            if (!view.IsJudged(index) || !view[index].IsAwaited)
                continue;
            var counts = view.CountsOf(index);
            table.Count(view[index], counts, clock.Now);
            Judge(limits, stepUp, view, view[index], counts);
        }
    }
}
