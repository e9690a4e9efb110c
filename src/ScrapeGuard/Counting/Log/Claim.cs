namespace ScrapeGuard.Counting.Log;

/// <summary>That somebody shows a record, or did.</summary>
/// <param name="Owner">Which start of which node.</param>
/// <param name="Time">When, in milliseconds.</param>
/// <param name="Charge">The windows that know it by that, a bit each; or the number of a charge.</param>
/// <param name="Type">Record where it counts if it is novel; Shown or Restored where it is counted already.</param>
internal readonly record struct Claim(uint Owner, long Time, uint Charge, LogEventType Type = LogEventType.Record)
{
    public bool IsCounted => Type == LogEventType.Record;

    /// <summary>The owner of what a snapshot has put together.</summary>
    public const uint Snapshot = 0;

    /// <summary>How long a claim can matter: until the record is novel once more, and what it counted then has left every window.</summary>
    public const long Memory = 2 * SubjectState.NoveltyMilliseconds;

    /// <summary>
    /// When a record was novel: at the first of those claims that lie less than a day apart, unless somebody had said before, in the order of the log, that it is
    /// counted already.
    /// </summary>
    /// <param name="claims">The claims of one record in the order of the log.</param>
    /// <param name="concerns">Which of them are meant.</param>
    public static IEnumerable<long> Novel(IReadOnlyList<Claim> claims, Func<Claim, bool> concerns)
    {
        var counted = new List<long>();
        for (var index = 0; index < claims.Count; index++)
        {
            if (concerns(claims[index]) && claims[index].IsCounted && !IsCountedAlready(claims, index, concerns))
                counted.Add(claims[index].Time);
        }

        counted.Sort();
        for (var index = 0; index < counted.Count; index++)
        {
            if (index == 0 || !IsWithinDay(counted[index - 1], counted[index]))
                yield return counted[index];
        }
    }

    /// <summary>Takes back what a node claimed at a time, and what a snapshot has made of that.</summary>
    public static void Withdraw(List<Claim> claims, uint owner, long time) =>
        claims.RemoveAll(claim => claim.IsCounted && claim.Time == time && (claim.Owner == owner || claim.Owner == Snapshot));

    /// <summary>Whether somebody had said before that the record is counted, or says that it was in a log that is lost: that may come after a new one began.</summary>
    private static bool IsCountedAlready(IReadOnlyList<Claim> claims, int index, Func<Claim, bool> concerns)
    {
        var time = claims[index].Time;
        for (var other = 0; other < claims.Count; other++)
        {
            var claim = claims[other];
            if (!claim.IsCounted && concerns(claim) && IsWithinDay(claim.Time, time) && (other < index || claim.Type == LogEventType.Restored))
                return true;
        }

        return false;
    }

    private static bool IsWithinDay(long time, long other) => Math.Abs(time - other) < SubjectState.NoveltyMilliseconds;
}
