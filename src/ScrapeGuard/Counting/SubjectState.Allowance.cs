namespace ScrapeGuard.Counting;

/// <summary>What a completed step-up admits.</summary>
internal ref partial struct SubjectState
{
    /// <summary>Grants the allowance of a completed step-up; false where the day's step-ups are used up.</summary>
    public bool Grant(int allowance, long until, int maxPerDay, long now)
    {
        var side = shard.SideOf(ref Head);
        side.ForgetStepUpsBefore(Head.LastSeen - NoveltyMilliseconds);
        if (side.StepUps.Count >= maxPerDay)
            return false;
        Head.Flags &= ~SubjectFlags.IsAsked;
        side.StepUps.Add(now);
        shard.Weigh(Head);
        (side.AllowanceLeft, side.AllowanceUntil) = (allowance, until);
        Tell(UnsentType.Grant, now, (ulong)until, isUrgent: true, allowance);
        return true;
    }

    private readonly bool UseAllowance(SubjectReservation view, ref Flight flight, SubjectCounts counts)
    {
        if (Side is not { } side || side.AllowanceUntil <= view.At || view.Maxima.Length == 0)
            return false;
        var isPast = false;
        var units = counts.Novel;
        for (var index = 0; index < windows.Count; index++)
        {
            if (view.Maxima[index] == 0 || (view.Charge & (1u << index)) == 0 || (counts.IsRevisit && windows[index].IsScore)
                || counts.Against(index, view.Maxima[index], windows[index].Count) <= view.Maxima[index])
            {
                continue;
            }

            isPast = true;

            // Revisits are free past a limit of records; past one of views or misses each view takes from the allowance.
            if (!windows[index].CountsRecords && !windows[index].IsScore)
                units = Math.Max(1, units);
        }

        if (!isPast || side.AllowanceLeft < units)
            return false;
        flight.Allowance = units;
        flight.IsGranted = true;
        ReturnAllowance(-units);
        return true;
    }

    private readonly void ReturnAllowance(int units)
    {
        if (units == 0 || Side is not { } side)
            return;
        side.AllowanceLeft += units;
        Tell(UnsentType.Allowance, at: 0, value: 0, isUrgent: true, -units);
    }
}
