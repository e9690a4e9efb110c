namespace ScrapeGuard.Counting;

/// <summary>What sharing with the other nodes asks of subjects.</summary>
internal sealed partial class SubjectTable
{
    /// <summary>Has a subject exchanged with the other nodes at once, whatever there is to tell.</summary>
    public void Touch(SubjectKey subject, WindowSet windows, long now)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
        {
            var known = shard.Find(subject) is { } block ? WindowSet.Of(new SubjectBlock(block).Head.Layout) : windows;
            Open(shard, subject, known, now).Touch(isUrgent: true);
        }
    }

    /// <summary>Has a subject of which the other nodes were told exchanged with the next flush.</summary>
    public void TouchTold(SubjectKey subject, WindowSet windows, long now)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
        {
            if (shard.Find(subject) is { } block && new SubjectBlock(block).Head.Mark != 0)
                Open(shard, subject, windows, now).Touch(isUrgent: false);
        }
    }

    /// <summary>Whether the other nodes were told all of a subject that limits count, and have answered.</summary>
    public bool IsCurrent(SubjectKey subject)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
        {
            if (shard.Find(subject) is not { } block)
                return true;
            ref var head = ref new SubjectBlock(block).Head;
            return (head.Flags & SubjectFlags.IsExchanged) == 0 && !shard.HasNews(head);
        }
    }

    /// <summary>Forgets a subject that was looked up in vain.</summary>
    public void ForgetUnknown(SubjectKey subject)
    {
        var shard = ShardOf(subject);
        using (shard.Enter())
        {
            if (shard.Find(subject) is not { } block)
                return;
            ref var head = ref new SubjectBlock(block).Head;
            if (head is { Mark: 0, Shown: 0, Flight: 0, Unsent: 0, Side: 0, Pending: 0 } && (head.Flags & SubjectFlags.IsExchanged) == 0
                && new AddressAccounts(shard, new SubjectBlock(block)).Count == 0)
            {
                shard.Remove(subject);
            }
        }
    }
}
