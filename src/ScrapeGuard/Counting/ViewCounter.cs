using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>
/// Counts a view for its subjects, the narrowest first: in process, and through the shared counts where there are any. The first subject past a limit ends
/// the matter; no wider one is charged with the view.
/// </summary>
internal sealed class ViewCounter(SubjectTable table, GuardClock clock, ISharedSubjects? shared = null)
{
    private static readonly SubjectType[] NarrowestFirst = [SubjectType.Account, SubjectType.Session, SubjectType.Address];

    private long lastId = Random.Shared.NextInt64(long.MaxValue / 2);

    /// <summary>Reserves the view and judges it.</summary>
    /// <param name="limits">The limits in force.</param>
    /// <param name="stepUp">What a step-up is.</param>
    /// <param name="view">What is counted, and for whom.</param>
    /// <param name="patience">The longest to wait for the shared counts.</param>
    public async ValueTask<CountedView> CountAsync(LimitSet limits, StepUpOptions stepUp, PageView view, TimeSpan patience)
    {
        var counting = new Counting(limits, stepUp, view, clock.Now, (ulong)Interlocked.Increment(ref lastId));
        ReserveHere(counting, 0);
        if (shared is null)
            return counting.Counted;

        // A step-up completed on another node is known to the shared count alone. It admits the view after all, or past its account's limit, and then no
        // address is charged with it: what is wider is reserved again.
        for (var from = 0; from < counting.Counted.Reservations.Count;)
        {
            var started = clock.Time.GetTimestamp();
            var admitted = await JudgeSharedAsync(counting, from, patience);
            if (admitted is not { } widerThan)
                break;
            patience -= clock.Time.GetElapsedTime(started);
            Release(counting, widerThan);
            counting.IsGranted = true;
            from = counting.Counted.Reservations.Count;
            ReserveHere(counting, Array.IndexOf(NarrowestFirst, widerThan) + 1);
        }

        return counting.Counted;
    }

    /// <summary>Ends a counted view; a refused one counts nowhere.</summary>
    public void Settle(CountedView counted, Settlement settlement)
    {
        foreach (var reservation in counted.Reservations)
        {
            var own = reservation.Subject.Type == SubjectType.Address ? settlement with { RawRecords = counted.Novel } : settlement with { MoreViews = 0 };
            Settle(reservation, own);
        }
    }

    private void Settle(SubjectReservation reservation, Settlement settlement)
    {
        table.Settle(reservation, settlement, clock.Now);
        shared?.Settle(reservation, settlement);
    }

    private void Release(Counting counting, SubjectType widerThan)
    {
        var reservations = counting.Counted.Reservations;
        for (var index = reservations.Count - 1; index >= 0; index--)
        {
            if (Array.IndexOf(NarrowestFirst, reservations[index].Subject.Type) <= Array.IndexOf(NarrowestFirst, widerThan))
                continue;
            Settle(reservations[index], new Settlement(Outcome.Released));
            reservations.RemoveAt(index);
            counting.Here.RemoveAt(index);
        }
    }

    /// <summary>Reserves in process and judges, from one type of subject on, until one is past a limit.</summary>
    private void ReserveHere(Counting counting, int from)
    {
        var judging = counting.View.Judging;
        if (from == 0 && counting.View.Subjects[judging].Account is { } account)
            counting.Account = table.Read(account, counting.Limits.WindowsOf(SubjectType.Account), counting.Now);
        for (var type = from; type < NarrowestFirst.Length && counting.Counted.IsAllowed; type++)
        {
            // The judged key last: what is refused under it is reserved under the others already, and all of it is released together.
            for (var key = 0; key <= judging; key++)
            {
                if (counting.View.Subjects[key][NarrowestFirst[type]] is { } subject)
                    ReserveHere(counting, counting.ReservationOf(subject, key), isJudged: key == judging);
            }
        }
    }

    private void ReserveHere(Counting counting, SubjectReservation reservation, bool isJudged)
    {
        var reading = table.Reserve(reservation);
        var counted = counting.Counted;
        counted.Reservations.Add(reservation);
        counting.Here.Add(isJudged ? reading : null);
        if (!isJudged)
            return;
        if (counting.Here.Count(judged => judged is not null) == 1)
            counted.Novel = reading.Novel;
        counting.IsGranted |= reading.IsGranted;
        counting.Judge(reservation, reading);
    }

    /// <summary>
    /// Judges each subject by the stricter of its count here and on all nodes. Where a step-up unknown here admits the view, the type of subject that it
    /// admits; else null.
    /// </summary>
    private async ValueTask<SubjectType?> JudgeSharedAsync(Counting counting, int from, TimeSpan patience)
    {
        var asked = from == 0 ? counting.Counted.Reservations : counting.Counted.Reservations[from..];
        var readings = await shared!.ReserveAsync(asked, patience);
        counting.Counted.Acquit();
        for (var index = 0; index < readings.Length; index++)
        {
            var subject = asked[index].Subject;
            if (counting.Here[from + index] is not { } here)
                continue;
            if (readings[index] is not { } answer)
            {
                counting.Judge(asked[index], here);
            }
            else
            {
                table.Mirror(subject, asked[index].Windows, answer);

                // A Redis that lost its data knows no accounts; this node still may.
                var reading = answer with { GoodAccounts = Math.Max(answer.GoodAccounts, here.GoodAccounts) };
                if (reading.IsGranted && (!counting.IsGranted || counting.FindingOf(asked[index], here).Verdict != Verdict.Allow))
                    return subject.Type;
                if (!reading.IsGranted)
                    counting.Judge(asked[index], here);
                counting.Judge(asked[index], reading);
            }

            if (!counting.Counted.IsAllowed)
                return null;
        }

        return null;
    }

    /// <summary>One view on its way through the counts.</summary>
    private sealed class Counting(LimitSet limits, StepUpOptions stepUp, PageView view, long now, ulong id)
    {
        private readonly uint kind = LimitSet.KindHash(view.Kind);

        public LimitSet Limits { get; } = limits;

        public StepUpOptions StepUp { get; } = stepUp;

        public PageView View { get; } = view;

        public long Now { get; } = now;

        public CountedView Counted { get; } = new();

        /// <summary>What was known of the account before this view; null for none.</summary>
        public SubjectReading? Account { get; set; }

        /// <summary>What this node knows of the subjects, in the order of the reservations; null for one that is counted and not judged.</summary>
        public List<SubjectReading?> Here { get; } = new(3);

        /// <summary>Whether a completed step-up admits the view past a limit.</summary>
        public bool IsGranted { get; set; }

        public Finding FindingOf(SubjectReservation view, SubjectReading reading) =>
            LimitDetector.Judge(Limits, StepUp, view.Subject.Type, reading, view.Charge);

        /// <summary>Keeps the stricter finding of the first subject accused.</summary>
        public void Judge(SubjectReservation view, SubjectReading reading)
        {
            var finding = FindingOf(view, reading);
            if (finding.Verdict > Counted.Finding.Verdict)
                Counted.Accuse(view.Subject.Type, finding, reading);
        }

        public SubjectReservation ReservationOf(SubjectKey subject, int key)
        {
            var windows = Limits.WindowsOf(subject.Type);
            var reservation = new SubjectReservation
            {
                Subject = subject,
                Windows = windows,
                Id = id,
                At = Now,
                Charge = subject.Type == SubjectType.Address ? AddressCharge() : Standing.Charge(windows, kind),
                Records = View.Records[key],
                Views = View.Views,
                Maxima = subject.Type == SubjectType.Address ? [] : Limits.MaximaOf(subject.Type),
            };
            return subject.Type != SubjectType.Address ? reservation : reservation with
            {
                Name = View.Address,
                Account = View.Subjects[key].Account?.Fingerprint ?? 0,
                AccountIsWarned = Account is not null && Standing.IsWarned(Limits, Account),
            };
        }

        /// <summary>
        /// The windows an address is charged with. An account never seen, exempt, or past its limits with a completed step-up is in good standing: only
        /// limits that charge every view remain.
        /// </summary>
        private uint AddressCharge()
        {
            if (!View.Subjects[0].IsSignedIn && !IsGranted)
                return Standing.AddressCharge(Limits, kind, null);
            var account = IsGranted ? null : Account;
            return Standing.AddressCharge(Limits, kind, account ?? SubjectReading.None(Limits.WindowsOf(SubjectType.Account)));
        }
    }
}
