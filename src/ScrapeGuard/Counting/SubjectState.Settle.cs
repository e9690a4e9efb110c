using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>What the outcome of a view settles.</summary>
internal ref partial struct SubjectState
{
    /// <summary>Ends a view.</summary>
    public void Settle(SubjectReservation view, Settlement settlement)
    {
        var number = Take(view.Id, settlement.Outcome == Outcome.Displayed);
        var gone = default(Flight);
        if (number == 0)
        {
            gone.ScoredUntil = MostOfList;
        }
        else
        {
            gone = shard.Flights[number];
            shard.Flights.Return(number);
        }

        // An operator let the subject go meanwhile.
        if (view.At < ForgottenAt)
            return;
        if (view.IsFree && settlement.Outcome != Outcome.Released)
            Pay(view);
        switch (settlement.Outcome)
        {
            case Outcome.Released:
                CountPending();
                AddRaw(WindowCount.RawViews, view.At, view.IsFree ? 0 : -view.Views);
                ReturnAllowance(gone.Allowance);
                TellOutcome(gone, view, default);
                return;
            case Outcome.Missed:
                // A miss keeps what it took of an allowance: else an allowance would admit guesses without end.
                Add(windows.Misses & view.Charge, view.At, view.Views);
                Add(windows.Pace & view.Charge, view.At, view.Views * Pace.MissWeight);
                break;
            case Outcome.ViewOnly:
                ReturnAllowance(gone.Allowance);
                break;
        }

        var views = view.Views + settlement.MoreViews;
        var untold = 0;
        var noted = TryNote(view, views, gone) ? views : 0;
        Add(windows.Views & view.Charge, view.At, views - noted);
        if (settlement.Outcome == Outcome.Displayed)
        {
            AddRawRecords(view.At, settlement.RawRecords);
            for (var index = 0; index < view.Records.Length; index++)
                untold |= Display(view.Records[index], ChargeAt(view.Charge, index, gone.ScoredUntil) & windows.Records, view, in gone);
            if (Block.IsPast(settlement.MostRecords))
                Block.Trim(settlement.MostRecords, view.At);
        }

        TellOutcome(gone, view, new LogCounts(Views: views - noted, Misses: settlement.Outcome == Outcome.Missed ? view.Views : 0, Neighbours: untold));
    }

    /// <summary>What a view that reserved nothing left to be noted.</summary>
    private void Pay(SubjectReservation view)
    {
        if (view.Account != 0)
            See(view.Account, view.AccountIsWarned, view.At);
        if (view.Account != 0 && IsNewcomer(view.Account, view.At))
            view.Charge |= windows.Newcomers;
        if (view.Subject.Type != SubjectType.Address)
            return;

        // It may have been forgotten for want of room since it was let by.
        Block.Address = view.Address;
        AddRawViews(view.At, view.Views);
    }

    /// <summary>Counts what is displayed; 1 where its number lies beside one shown before and the other nodes are still to be told, else 0.</summary>
    private int Display(ulong record, uint charge, SubjectReservation view, in Flight gone)
    {
        if (charge == 0)
            return 0;
        var place = Block.Find(record, view.At);
        if (place >= 0 && view.Records.Length > 1)
            charge &= ~windows.Pace | (gone.IndexOf(record) is >= 0 and var reserved ? gone.NovelAt(reserved) : 0);
        var novel = place < 0 ? charge : charge & ~Block.WindowsOf(place);
        Add(novel, view.At, 1);
        var last = place < 0 ? view.At : Block.TimeOf(place, view.At);
        if (place >= 0)
            Block.Renew(place, view.At, charge | SubjectBlock.IsOwn);
        else
            AddRecord(record, view.At, charge | SubjectBlock.IsOwn);
        Excuse(record, charge);
        TakeClaims(record, view.At);
        if (novel == 0)
        {
            if (isShared && IsRenewalDue(last, view.At))
                TellShown(record, view.At, charge, view.Kind);
            return 0;
        }

        Head.LastNovel = Math.Max(Head.LastNovel, view.At);
        var beside = gone.Neighbour & novel;
        Add(beside == 0 ? 0 : beside | (windows.Neighbours & view.Charge), view.At, 1);
        var neighbours = beside == 0 ? 0 : 1;
        if (!isShared || (gone.IndexOf(record) is >= 0 and var index && gone.IsClaimedAt(index) && (novel & ~gone.NovelAt(index)) == 0))
            return neighbours;

        // What is told with the record needs not be looked for among what is to be told.
        var isTogether = neighbours != 0 && !gone.IsAnnounced && !IsFull;
        TellRecord(record, view.At, isTogether ? view.Charge : charge, view.Kind, isUrgent: false, gone.MayRest, isTogether ? neighbours : 0);
        return isTogether ? 0 : neighbours;
    }

    private readonly void See(ulong account, bool isWarned, long now)
    {
        if (Accounts.See(account, isWarned, now) && isShared)
            Tell(UnsentType.Account, now, account, isUrgent: false);
    }
}
