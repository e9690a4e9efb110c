using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>
/// Counts a view for its subjects, the narrowest first: in process, and through the shared counts where there are any. The first subject past a limit ends
/// the matter; no wider one is charged with the view.
/// </summary>
internal sealed class ViewCounter(SubjectTable table, GuardClock clock, ISharedSubjects? shared = null)
{
    private long lastId = Random.Shared.NextInt64(long.MaxValue / 2);

    public async ValueTask<CountedView> CountAsync(LimitSet limits, StepUpOptions stepUp, ViewSubjects subjects, string kind, ulong[] records, int views = 1)
    {
        var counted = new CountedView();
        var now = clock.Now;
        var id = (ulong)Interlocked.Increment(ref lastId);
        var kindHash = LimitSet.KindHash(kind);
        var before = subjects.Account is { } known ? table.Read(known, limits.WindowsOf(SubjectType.Account), now) : null;
        var granted = false;
        foreach (var subject in (ReadOnlySpan<SubjectKey?>)[subjects.Account, subjects.Session])
        {
            if (subject is not { } key || !counted.IsAllowed)
                continue;
            var windows = limits.WindowsOf(key.Type);
            granted |= Reserve(counted, limits, stepUp, new SubjectReservation
            {
                Subject = key,
                Windows = windows,
                Id = id,
                At = now,
                Charge = Standing.Charge(windows, kindHash),
                Records = records,
                Views = views,
                Maxima = limits.MaximaOf(key.Type),
            });
        }

        if (counted.IsAllowed && subjects.Address is { } address)
        {
            var charge = Charge(limits, subjects, kindHash, before, granted);
            Reserve(counted, limits, stepUp, new SubjectReservation
            {
                Subject = address,
                Windows = limits.WindowsOf(SubjectType.Address),
                Id = id,
                At = now,
                Charge = charge,
                Records = records,
                Views = views,
                Account = subjects.Account?.Fingerprint ?? 0,
                AccountIsWarned = before is not null && Standing.IsWarned(limits, before),
            });
        }

        if (shared is not null)
            await ShareAsync(counted, limits, stepUp);
        return counted;
    }

    /// <summary>Ends a counted view; a refused one counts nowhere.</summary>
    public void Settle(CountedView counted, Settlement settlement)
    {
        var now = clock.Now;
        foreach (var reservation in counted.Reservations)
        {
            var own = reservation.Subject.Type == SubjectType.Address ? settlement with { RawRecords = counted.Novel } : settlement with { MoreViews = 0 };
            table.Settle(reservation, own, now);
            shared?.Settle(reservation, own);
        }
    }

    private static uint Charge(LimitSet limits, ViewSubjects subjects, uint kind, SubjectReading? account, bool granted)
    {
        if (!subjects.IsSignedIn)
            return Standing.AddressCharge(limits, kind, null);
        if (account is not null && !granted)
            return Standing.AddressCharge(limits, kind, account);

        // An account never seen, exempt, or past its limits with a completed step-up is in good standing: only limits that charge every view remain.
        var windows = limits.WindowsOf(SubjectType.Address);
        var charge = 0u;
        for (var index = 0; index < windows.Count; index++)
        {
            if (windows[index].Charge == ChargedViews.All && (windows[index].Kind == 0 || windows[index].Kind == kind))
                charge |= 1u << index;
        }

        return charge;
    }

    /// <summary>Reserves in process and judges; true where a completed step-up admits the view past a limit.</summary>
    private bool Reserve(CountedView counted, LimitSet limits, StepUpOptions stepUp, SubjectReservation reservation)
    {
        var reading = table.Reserve(reservation);
        if (counted.Reservations.Count == 0)
            counted.Novel = reading.Novel;
        counted.Reservations.Add(reservation);
        Judge(counted, limits, stepUp, reservation.Subject, reading);
        return reading.IsGranted;
    }

    private static void Judge(CountedView counted, LimitSet limits, StepUpOptions stepUp, SubjectKey subject, SubjectReading reading)
    {
        if (!counted.IsAllowed)
            return;
        counted.Finding = LimitDetector.Judge(limits, stepUp, subject.Type, reading);
        if (counted.IsAllowed)
            return;
        counted.Accused = subject;
        counted.Evidence = reading;
    }

    private async ValueTask ShareAsync(CountedView counted, LimitSet limits, StepUpOptions stepUp)
    {
        var readings = await shared!.ReserveAsync(counted.Reservations);
        for (var index = 0; index < readings.Length; index++)
        {
            if (readings[index] is { } reading)
                Judge(counted, limits, stepUp, counted.Reservations[index].Subject, reading);
        }
    }
}
