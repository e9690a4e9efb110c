using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>How soon the other nodes are to be told.</summary>
internal ref partial struct SubjectState
{
    /// <summary>What is held back is to fit in an entry of moderate length.</summary>
    private const int MostHeldBack = 64;

    /// <summary>The most that one record adds to a score.</summary>
    private const int MostOfScore = 2;

    /// <summary>All other nodes together hold back this part of what is left to half of a limit, at most; and of a score, which is no exact limit, this one.</summary>
    private const int PartHeldBack = 8;
    private const int PartOfScore = 2;

    /// <summary>Puts the subject among those whose news is sent next.</summary>
    public readonly void Touch(bool isUrgent)
    {
        ref var head = ref Head;
        if (isUrgent && (head.Flags & SubjectFlags.IsUrgent) == 0)
        {
            head.Flags |= SubjectFlags.IsUrgent | SubjectFlags.IsTouched;
            shard.List(shard.Urgent, Block.Key);
            shard.News!.IsUrgent = true;
        }

        if ((head.Flags & SubjectFlags.IsTouched) != 0)
            return;
        head.Flags |= SubjectFlags.IsTouched;
        shard.List(shard.Touched, Block.Key);
    }

    /// <summary>Puts the subject among those whose news is sent within a second, unless it is sent sooner anyway.</summary>
    private readonly void Rest()
    {
        ref var head = ref Head;
        if ((head.Flags & (SubjectFlags.IsResting | SubjectFlags.IsTouched)) != 0)
            return;
        head.Flags |= SubjectFlags.IsResting;
        shard.List(shard.Resting, Block.Key);
    }

    /// <summary>Puts the subject among those whose news can wait: what no limit counts is shown to operators only.</summary>
    public readonly void TouchLazily() => shard.ListLazily(ref Head, Block.Key);

    /// <summary>
    /// Whether the subject is so far from every limit that it may be told of once a second, however many views it makes: each node has to think that all others
    /// hold back as much as it does. A miss is never held back.
    /// </summary>
    private readonly bool MayRest(SubjectReservation view, SubjectCounts counts)
    {
        var events = Head.UnsentEvents + view.Records.Length;
        if (events > MostHeldBack || (view.Charge & windows.LimitedViews) != 0)
            return false;
        var others = (long)shard.News!.Nodes - 1;
        var maxima = view.Strictest;
        for (var bits = view.Charge & ~windows.Misses; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            if (index >= maxima.Length)
                break;
            var left = maxima[index] - (2 * (counts.Settled[index] + counts.Others[index]));
            var heldBack = windows[index].IsScore ? PartOfScore * MostOfScore * events : PartHeldBack * (events + counts.Others[index]);
            if (maxima[index] != 0 && 2 * others * heldBack > left)
                return false;
        }

        return true;
    }
}
