namespace ScrapeGuard.Counting;

/// <summary>What the windows of a subject hold at the moment of a view: filled in anew for each view, so that none of it is allocated.</summary>
internal sealed class SubjectCounts
{
    /// <summary>Events that are settled, per window; of a <see cref="Pace"/> the score that is left of them.</summary>
    public int[] Settled { get; } = new int[WindowSet.Most];

    /// <summary>Events that other views in flight have reserved.</summary>
    public int[] Others { get; } = new int[WindowSet.Most];

    /// <summary>Events that the view itself reserved; 0 for misses, which are known only afterwards.</summary>
    public int[] Own { get; } = new int[WindowSet.Most];

    /// <summary>How many records of the view are novel to this subject.</summary>
    public int Novel { get; set; }

    /// <summary>Whether the view is past a limit and admitted by a completed step-up.</summary>
    public bool IsGranted { get; set; }

    /// <summary>Whether all records of the view were shown before: it adds to no score, and is not refused for one.</summary>
    public bool IsRevisit { get; set; }

    /// <summary>Whether a step-up that a score asked for is still to be completed.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Accounts in good standing seen at this address in the last 24 hours.</summary>
    public int GoodAccounts { get; set; }

    /// <summary>Whether the other nodes' share is known: not of a subject that this node has just seen for the first time.</summary>
    public bool IsShared { get; set; }

    /// <summary>As <see cref="WindowReading.Against"/>.</summary>
    public int Against(int window, int max, WindowCount count)
    {
        var settled = Settled[window];
        if (count != WindowCount.Misses)
            return settled + Others[window] + Own[window];
        return settled + 1 + (settled * 2 >= max ? Others[window] : 0);
    }
}
