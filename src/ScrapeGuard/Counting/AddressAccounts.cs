namespace ScrapeGuard.Counting;

/// <summary>
/// The accounts known at an address, wherever they are kept: the only one in the address' block, several in an object aside. Of any other subject there are
/// none. Whoever asks holds the shard's lock.
/// </summary>
internal readonly ref struct AddressAccounts(SubjectShard shard, SubjectBlock block)
{
    private readonly SubjectShard shard = shard;
    private readonly SubjectBlock block = block;

    public int Count => Several?.Count ?? (IsOne ? 1 : 0);

    /// <summary>Whether some may have been forgotten for want of room.</summary>
    public bool IsFull => Several is { IsFull: true };

    private KnownAccounts? Several => block.Head.Side == 0 ? null : shard.Sides.Read(block.Head.Side)!.Accounts;

    /// <summary>Whether one is known, where there are not several.</summary>
    private bool IsOne => block.Head.Type == SubjectType.Address && block.Visitor.Account != 0;

    public IEnumerable<(ulong Account, KnownAccount Known)> All() =>
        Several is { } several ? several.All() : IsOne ? [(block.Visitor.Account, block.Visitor.Seen.Known)] : [];

    /// <summary>What is known of an account; null for one that was never seen, or is forgotten.</summary>
    public KnownAccount? Find(ulong account)
    {
        if (Several is { } several)
            return several.Find(account);
        return IsOne && block.Visitor.Account == account ? block.Visitor.Seen.Known : null;
    }

    /// <summary>How many of them were seen in the last 24 hours and are not warned.</summary>
    public int InGoodStanding(long now) => Several?.InGoodStanding(now) ?? (IsOne && block.Visitor.Seen.IsInGoodStanding(now) ? 1 : 0);

    /// <summary>How many of them were first seen less than 24 hours ago, warned or not.</summary>
    public int Newcomers(long now) => Several?.Newcomers(now) ?? (IsOne && block.Visitor.Seen.IsNewcomer(now) ? 1 : 0);

    /// <summary>How many of them were seen in the last 24 hours, warned or not.</summary>
    public int Recent(long now) => Several?.Recent(now) ?? (IsOne && block.Visitor.Seen.IsRecent(now) ? 1 : 0);

    /// <summary>How many of them were seen in the last 30 days, but for those that were warned when they were seen last.</summary>
    public int Known(long now) => Several?.Known(now) ?? (IsOne && block.Visitor.Seen.IsKnown(now) ? 1 : 0);

    /// <summary>Notes that an account was seen; true where it is news for the other nodes.</summary>
    public bool See(ulong account, bool isWarned, long now)
    {
        ref var head = ref block.Head;
        ref var visitor = ref block.Visitor;
        var isSame = visitor.Account == account;

        // The same account again within a second says nothing new.
        if (isSame && !isWarned && (head.Flags & SubjectFlags.IsVisited) != 0 && now - visitor.Seen.Last is >= 0 and < 1000)
            return false;
        head.Flags = isWarned ? head.Flags & ~SubjectFlags.IsVisited : head.Flags | SubjectFlags.IsVisited;
        if (SeveralWith(account) is { } several)
        {
            visitor = new Visitor(account, now);
            var isNews = several.See(account, isWarned, now);
            shard.Weigh(head);
            return isNews;
        }

        if (!isSame || visitor.Seen.IsForgotten(now))
            visitor = new Visitor(account, now);
        return visitor.Seen.See(isWarned, now);
    }

    /// <summary>Takes in what another node knows of an account.</summary>
    public void Learn(ulong account, KnownAccount there)
    {
        // Zero is no account, whatever a log says.
        if (block.Head.Type != SubjectType.Address || account == 0)
            return;
        block.Head.Flags &= ~SubjectFlags.IsVisited;
        if (SeveralWith(account) is { } several)
        {
            several.Learn(account, there);
            shard.Weigh(block.Head);
            return;
        }

        if (block.Visitor.Account == 0)
            block.Visitor = new Visitor(account, there.Last);
        block.Visitor.Seen.Learn(there);
    }

    /// <summary>Several accounts, an account that is about to be noted among them; null where that is the only one.</summary>
    private KnownAccounts? SeveralWith(ulong account)
    {
        if (Several is { } several)
            return several;
        var visitor = block.Visitor;
        if (visitor.Account == 0 || visitor.Account == account)
            return null;
        return shard.SideOf(ref block.Head).Accounts = new KnownAccounts(visitor);
    }
}
