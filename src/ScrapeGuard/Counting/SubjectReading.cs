namespace ScrapeGuard.Counting;

/// <summary>What is known of a subject at a moment, a reservation just made included.</summary>
internal sealed record SubjectReading
{
    public required WindowSet Windows { get; init; }

    public required WindowReading[] Counts { get; init; }

    /// <summary>The moment of the reading, in milliseconds.</summary>
    public long At { get; init; }

    /// <summary>How many records of the reservation are novel to this subject.</summary>
    public int Novel { get; init; }

    /// <summary>Whether all records of the reservation were shown before.</summary>
    public bool IsRevisit { get; init; }

    /// <summary>Whether a step-up that a score asked for is still to be completed.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Whether the reservation is past a limit and admitted by a completed step-up.</summary>
    public bool IsGranted { get; init; }

    public int AllowanceLeft { get; init; }

    public long AllowanceUntil { get; init; }

    /// <summary>Step-ups completed in the last 24 hours.</summary>
    public int StepUpsToday { get; init; }

    /// <summary>Accounts in good standing seen at this address in the last 24 hours.</summary>
    public int GoodAccounts { get; init; }

    /// <summary>Accounts known at the address, seen in the last 30 days, that were not warned then.</summary>
    public int KnownAccounts { get; init; }

    /// <summary>Records displayed in the last 24 hours, as far as they are remembered.</summary>
    public int Displayed { get; init; }

    /// <summary>When a novel record was last displayed, in milliseconds; 0 for never.</summary>
    public long LastNovelAt { get; init; }

    /// <summary>The reading of a subject that nothing is known of.</summary>
    public static SubjectReading None(WindowSet windows) => new() { Windows = windows, Counts = new WindowReading[windows.Count] };
}

/// <summary>One window of a subject: what is settled, and what is in flight.</summary>
/// <param name="Settled">Settled events.</param>
/// <param name="Reserved">Events reserved by views in flight; for misses, the other views in flight, any of which may turn out to be one.</param>
/// <param name="Value">What is settled: the events that are left in the window, or the score of a <see cref="Pace"/>.</param>
internal readonly record struct WindowReading(SlidingWindow Settled, int Reserved, int Value)
{
    /// <summary>
    /// The count that a limit of at most <paramref name="max"/> is held against, this view included. A miss is known only afterwards: the view counts as
    /// one in the making, and so do the other views in flight once half of the limit is used; before that, a page that stalls would accuse whoever waits
    /// for it.
    /// </summary>
    public int Against(int max, WindowCount count)
    {
        var settled = Value;
        if (count != WindowCount.Misses)
            return settled + Reserved;
        return settled + 1 + (settled * 2 >= max ? Reserved : 0);
    }
}
