using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>Counts to findings: pure arithmetic, without input, output or a clock.</summary>
internal static class LimitDetector
{
    /// <summary>The strictest finding of a subject's limits; among equals the one that readmits last, which is what a block must outlast.</summary>
    /// <param name="limits">The limits in force.</param>
    /// <param name="stepUp">What a step-up is; without a path it blocks.</param>
    /// <param name="type">The type of the subject.</param>
    /// <param name="reading">What was counted, the view in question included.</param>
    /// <param name="charge">The windows that the view is charged to, a bit each: a view is never refused for what others did to a window it does not touch.</param>
    public static Finding Judge(LimitSet limits, StepUpOptions stepUp, SubjectType type, SubjectReading reading, uint charge = ~0u)
    {
        var worst = Finding.Allow;
        foreach (var limit in limits.LimitsOf(type))
        {
            var index = reading.Windows.IndexOf(limit.Window);
            if (index < 0 || (charge & (1u << index)) == 0 || Passes(limit, reading.IsGranted, reading.IsRevisit))
                continue;
            var window = reading.Counts[index];
            var max = limit.MaxAt(reading.GoodAccounts);
            var count = window.Against(max, limit.Window.Count);
            if (count <= max)
                continue;
            var verdict = Harden(limit, count, max, stepUp, reading);
            var readmitsAt = limit.ReadmitsAt(window, max, reading.GoodAccounts, reading.At);
            if (verdict > worst.Verdict || (verdict == worst.Verdict && readmitsAt > worst.ReadmitsAt))
                worst = new Finding(verdict, limit, count, max, readmitsAt);
        }

        return worst.Verdict == Verdict.Allow && IsAsked(reading.IsAsked, reading.IsRevisit, reading.IsGranted) ? Ask(limits, stepUp, type, reading) : worst;
    }

    /// <summary>Whether a view is refused as a step-up, which a score has asked for, is still to be completed.</summary>
    public static bool IsAsked(bool isAsked, bool isRevisit, bool isGranted) => isAsked && !isRevisit && !isGranted;

    /// <summary>Whether all limits of a subject admit a view; what they would do otherwise is for <see cref="Judge"/> to say.</summary>
    /// <param name="limits">The limits of the subject's type.</param>
    /// <param name="counts">What was counted, the view in question included.</param>
    /// <param name="charge">The windows that the view is charged to, a bit each.</param>
    public static bool Admits(Limit[] limits, SubjectCounts counts, uint charge)
    {
        foreach (var limit in limits)
        {
            if ((charge & (1u << limit.WindowIndex)) == 0 || Passes(limit, counts.IsGranted, counts.IsRevisit))
                continue;
            var max = limit.MaxAt(counts.GoodAccounts);
            if (counts.Against(limit.WindowIndex, max, limit.Window.Count) > max)
                return false;
        }

        return true;
    }

    /// <summary>Asks once more, for the score that is nearest to its threshold.</summary>
    private static Finding Ask(LimitSet limits, StepUpOptions stepUp, SubjectType type, SubjectReading reading)
    {
        var nearest = Finding.Allow;
        foreach (var limit in limits.LimitsOf(type))
        {
            var index = reading.Windows.IndexOf(limit.Window);
            if (index < 0 || !limit.Window.IsScore || Harden(limit, 0, limit.Max, stepUp, reading) != Verdict.StepUp)
                continue;
            var count = reading.Counts[index].Against(limit.Max, limit.Window.Count);
            if (nearest.Limit is null || (long)count * nearest.Max > (long)nearest.Count * limit.Max)
                nearest = new Finding(Verdict.StepUp, limit, count, limit.Max, limit.ReadmitsAt(reading.Counts[index], (limit.Max / 2) + 1, reading.GoodAccounts, reading.At));
        }

        return nearest;
    }

    /// <summary>Whether a view is not held against a limit, whatever that counts.</summary>
    private static bool Passes(Limit limit, bool isGranted, bool isRevisit) =>
        limit.Verdict == Verdict.Allow || (isGranted && limit.IsForgiven) || (isRevisit && limit.Window.IsScore);

    /// <summary>
    /// A step-up that cannot be asked for is a block. Who has completed all of a day's may take what they admit past a limit of records, whichever they were asked for, and
    /// is blocked past that, or past the second threshold of a signal that asked before the limit; and is held against the second threshold of a signal alone.
    /// </summary>
    private static Verdict Harden(Limit limit, int count, int max, StepUpOptions stepUp, SubjectReading reading)
    {
        if (limit.Verdict != Verdict.StepUp || (stepUp.Path is not null && reading.StepUpsToday < stepUp.MaxPerDay))
            return limit.Verdict;
        if (stepUp.Path is null)
            return Verdict.Block;
        if (!limit.IsSignal && limit.Window.Count != WindowCount.Records)
            return Verdict.Block;
        var most = Math.Max(max + ((long)stepUp.Allowance * stepUp.MaxPerDay), limit.BlockAt);
        return limit.IsSignal || count <= most ? Verdict.Allow : Verdict.Block;
    }
}
