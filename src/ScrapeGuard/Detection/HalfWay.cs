using System.Numerics;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>Whether a view that another site led to would leave more than half of a limit, or of a threshold of a signal, behind: the rest is for its subject to use.</summary>
internal static class HalfWay
{
    /// <summary>The first limit that more than half of would be used, as a step-up; else Allow. No allowance and no revisit makes up for it.</summary>
    /// <param name="limits">The limits of the subject's type.</param>
    /// <param name="reading">What is settled.</param>
    /// <param name="counts">What the view and the others in flight reserved.</param>
    /// <param name="charge">The windows that the view is charged to, a bit each.</param>
    public static Finding Judge(Limit[] limits, SubjectReading reading, SubjectCounts counts, uint charge)
    {
        var inFlight = 0;
        for (var bits = reading.Windows.Views; bits != 0; bits &= bits - 1)
            inFlight = Math.Max(inFlight, counts.Others[BitOperations.TrailingZeroCount(bits)]);
        foreach (var limit in limits)
        {
            if (limit.Verdict == Verdict.Allow || (charge & (1u << limit.WindowIndex)) == 0)
                continue;
            var max = limit.MaxAt(reading.GoodAccounts);
            var count = reading.Counts[limit.WindowIndex].Value + AtWorst(limit, counts, inFlight);
            if (count * 2L > max)
                return new Finding(Verdict.StepUp, limit, count, max);
        }

        return Finding.Allow;
    }

    /// <summary>What the views in flight may come to: the other site chooses records that there are not, and does not wait for one before the next.</summary>
    private static int AtWorst(Limit limit, SubjectCounts counts, int inFlight)
    {
        var (others, own) = (counts.Others[limit.WindowIndex], counts.Own[limit.WindowIndex]);
        return limit.Window.Count switch
        {
            WindowCount.Misses => others + 1,
            WindowCount.Pace => Math.Max(others, inFlight * Pace.MissWeight) + Math.Max(own, Pace.MissWeight),
            _ => others + own,
        };
    }
}
